namespace AuctionTracker.LocalBroker.Processes;

/// <summary>Finds a program the way a shell does, so that a missing one is an error with a name, and not exit code 127.</summary>
internal static class Executable
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static readonly string[] Extensions = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];

    /// <summary>The program's full path, or null. A name with a folder is a path; any other is looked up on PATH.</summary>
    public static string? Find(string program)
    {
        var folders = Path.GetFileName(program) != program
            ? [Environment.CurrentDirectory]
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders
            .SelectMany(folder => Extensions.Select(extension => Path.Combine(folder, program + extension)))
            .FirstOrDefault(CanRun);
    }

    // File.Exists is true for a symbolic link to a file that is gone.
    private static bool CanRun(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false }
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
