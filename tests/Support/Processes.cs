namespace AuctionTracker.Support;

/// <summary>The processes of this machine, as Linux lists them.</summary>
public static class Processes
{
    /// <summary>Whether a process that is not over mentions a text in its command line or works in that folder.</summary>
    public static bool Mention(string text) => Directory.EnumerateDirectories("/proc").Any(folder =>
        int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId &&
        (Read(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal) || WorkingFolder(folder).StartsWith(text, StringComparison.Ordinal)));

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it ended while we looked
        }
    }

    private static string WorkingFolder(string folder)
    {
        try
        {
            return File.ResolveLinkTarget(Path.Combine(folder, "cwd"), returnFinalTarget: false)?.FullName ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
