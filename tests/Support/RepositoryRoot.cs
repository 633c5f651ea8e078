namespace AuctionTracker.Support;

/// <summary>The folder of AuctionTracker.sln, for tests of the repository's files.</summary>
public static class RepositoryRoot
{
    /// <summary>The full path of the folder.</summary>
    public static string Path { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder in the repository.</summary>
    /// <param name="relative">Path relative to the root, with slashes.</param>
    public static string At(string relative) => System.IO.Path.Combine(Path, relative);

    /// <summary>Lists the files under a folder, without bin and obj, as sorted paths relative to the root, with slashes.</summary>
    /// <param name="folder">Path of the folder relative to the root. A missing folder has no files.</param>
    /// <param name="pattern">A search pattern such as <c>*.csproj</c>.</param>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        !Directory.Exists(At(folder)) ? [] :
        [
            .. Directory.EnumerateFiles(At(folder), pattern, SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(Path, file).Replace('\\', '/'))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal),
        ];

    private static string Find(string? folder) =>
        folder is null ? throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} contains AuctionTracker.sln.")
        : File.Exists(System.IO.Path.Combine(folder, "AuctionTracker.sln")) ? folder
        : Find(System.IO.Path.GetDirectoryName(folder));
}
