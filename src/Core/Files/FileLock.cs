namespace AuctionTracker.Core.Files;

/// <summary>A lock file: of several programs one holds it. The operating system releases it when its holder dies.</summary>
public static class FileLock
{
    /// <summary>Takes a lock without waiting.</summary>
    /// <param name="path">The path of the lock file; it is created, and stays.</param>
    /// <returns>The lock; dispose it to release it. <see langword="null"/> if another program holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file can't be opened.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder is missing.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not DirectoryNotFoundException && File.Exists(path))
        {
            return null;
        }
    }
}
