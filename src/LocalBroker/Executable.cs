namespace AuctionTracker.LocalBroker;

/// <summary>Finds a program the way a shell does, so that a missing one is an error with a name, and not exit code 127.</summary>
internal static class Executable
{
    private const UnixFileMode MayRun = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The program's full path, or null. A name with a slash is a path; any other is looked up on PATH.</summary>
    public static string? Find(string program)
    {
        if (program.Contains('/'))
        {
            var path = Path.GetFullPath(program);
            return CanRun(path) ? path : null;
        }
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(CanRun);
    }

    // A symbolic link to nowhere is said to exist.
    private static bool CanRun(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false }
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & MayRun) != 0);
}
