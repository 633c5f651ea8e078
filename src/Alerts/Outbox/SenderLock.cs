namespace AuctionTracker.Alerts.Outbox;

/// <summary>A lock file that makes one of several programs the sender of an outbox. The operating system releases it when its holder dies.</summary>
internal static class SenderLock
{
    /// <summary>Takes the lock without waiting.</summary>
    /// <param name="outbox">The path of the outbox.</param>
    /// <returns>The lock; dispose it to release it. <see langword="null"/> if another program holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file can't be opened.</exception>
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
