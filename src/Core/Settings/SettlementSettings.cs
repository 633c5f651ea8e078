namespace AuctionTracker.Core.Settings;

/// <summary>The settings of Settlement.</summary>
/// <param name="Database">Where its state is: a SQLite file, or the address of a PostgreSQL database, which may hold a password.</param>
/// <param name="MailsWinners">Whether winners get mails; otherwise they become files in <paramref name="Outbox"/>.</param>
/// <param name="Outbox">The folder for mails to winners as .eml files.</param>
/// <param name="Stock">The stock of items.</param>
public sealed record SettlementSettings(string Database, bool MailsWinners, string Outbox, StockSettings Stock)
{
    /// <summary>The settings without the address.</summary>
    public override string ToString() => $"{Outbox}, {Stock}";
}

/// <summary>The stock of items.</summary>
/// <param name="Start">What each item has at first, at least 0.</param>
/// <param name="StartOfItems">What single items have at first, by the item's name as in its queue.</param>
/// <param name="RefillAt">Below this, an item is refilled.</param>
/// <param name="RefillTo">What an item has after a refill, at least 1.</param>
public sealed record StockSettings(int Start, IReadOnlyDictionary<string, int> StartOfItems, int RefillAt, int RefillTo);
