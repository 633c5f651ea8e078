namespace AuctionTracker.Storage;

/// <summary>Text as every database can hold it: PostgreSQL has no U+0000.</summary>
public static class StorableText
{
    /// <summary>Replaces each U+0000 by U+FFFD.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text) => text.Replace('\0', '\uFFFD');
}
