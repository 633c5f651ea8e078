namespace AuctionTracker.Alerts.Outbox;

/// <summary>Of several programs with the same outbox, the one that holds this sends. The system takes it back when its holder dies.</summary>
internal static class SenderLock
{
    /// <summary>Takes the lock.</summary>
    /// <param name="outbox">The outbox's file.</param>
    /// <returns>The lock, which disposing gives back; <see langword="null"/> where another program holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">Its file may not be opened.</exception>
    public static FileStream? TryTake(string outbox)
    {
        try
        {
            return new FileStream(outbox + ".sender", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
