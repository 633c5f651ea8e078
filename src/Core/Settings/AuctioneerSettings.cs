namespace AuctionTracker.Core.Settings;

/// <summary>The settings of Auctioneer.</summary>
/// <param name="Database">Where its state is: a SQLite file, or the address of a PostgreSQL database, which may hold a password.</param>
/// <param name="Clock">By whose time auctions close.</param>
/// <param name="Late">How long after its closing time an auction waits for bids that are on their way, from 0 to a day.</param>
public sealed record AuctioneerSettings(string Database, ClockKind Clock, TimeSpan Late)
{
    /// <summary>The settings without the address.</summary>
    public override string ToString() => $"{Clock}, {Late}";
}

/// <summary>By whose time auctions close.</summary>
public enum ClockKind
{
    /// <summary>By this machine's clock.</summary>
    Wall,

    /// <summary>By the times of the bids, as in a replay. It stands still when no bid comes.</summary>
    Bids,
}
