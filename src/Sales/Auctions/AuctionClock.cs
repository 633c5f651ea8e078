using AuctionTracker.Core.Settings;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// The time by which auctions close. It never goes back. By the wall: the latest time of which it is known that all bids that came before are
/// read, less the time that a bid may be late. By the bids: the latest time of a bid, less the same. Not thread-safe.
/// </summary>
/// <param name="kind">Whose time it is.</param>
/// <param name="late">How late a bid may be.</param>
internal sealed class AuctionClock(ClockKind kind, TimeSpan late)
{
    /// <summary>A bid from further in the future does not move the clock: a wrong clock of one producer would close every auction.</summary>
    private static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    /// <summary>Auctions that close at that time or before are over.</summary>
    public DateTimeOffset Time { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>All bids that came before a time are read.</summary>
    /// <param name="time">That time.</param>
    public void ReadUntil(DateTimeOffset time)
    {
        if (kind == ClockKind.Wall)
        {
            Advance(time);
        }
    }

    /// <summary>A bid was read.</summary>
    /// <param name="time">When it was made.</param>
    /// <param name="now">The time.</param>
    /// <returns><see langword="false"/> if it is from the future, and does not move the clock.</returns>
    public bool SeeBid(DateTimeOffset time, DateTimeOffset now)
    {
        if (kind == ClockKind.Wall)
        {
            return true;
        }

        if (time > now + MaxAhead)
        {
            return false;
        }

        Advance(time);
        return true;
    }

    private void Advance(DateTimeOffset time)
    {
        if (time - DateTimeOffset.MinValue > late && time - late > Time)
        {
            Time = time - late;
        }
    }
}
