namespace AuctionTracker.Support;

/// <summary>The folder of AuctionTracker.sln, for tests of the repository itself.</summary>
public static class RepositoryRoot
{
    /// <summary>Its full path.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of something in the repository.</summary>
    /// <param name="relative">Its path from the root, with slashes.</param>
    public static string At(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>The files under a folder of the repository, as paths from its root with slashes, sorted; nothing that was built.</summary>
    /// <param name="folder">The folder; one that is missing has no files.</param>
    /// <param name="pattern">As in <c>*.csproj</c>.</param>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        !Directory.Exists(At(folder)) ? [] :
        [
            .. Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal),
        ];

    private static string Find(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException($"AuctionTracker.sln is in no folder above {AppContext.BaseDirectory}.")
        : File.Exists(System.IO.Path.Combine(folder, "AuctionTracker.sln")) ? folder
        : Find(System.IO.Path.GetDirectoryName(folder));
}
