using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// What became of bids and auctions: received = counted + repeated + after closing + without end + unreadable. Thread-safe.
/// </summary>
/// <param name="received">Messages that were read and committed.</param>
public sealed class AuctionCounts(Counts.Count received)
{
    /// <summary>Messages that were read and committed.</summary>
    public Counts.Count Received => received;

    /// <summary>Bids that count for their auction.</summary>
    public Counts.Count Counted { get; } = new("counted");

    /// <summary>Bids that were seen before.</summary>
    public Counts.Count Repeated { get; } = new("repeated");

    /// <summary>Bids that came for a closed auction, or were made at its closing time or later.</summary>
    public Counts.Count AfterClosing { get; } = new("after closing");

    /// <summary>Bids of no auction, or of one without a closing time.</summary>
    public Counts.Count WithoutEnd { get; } = new("without end");

    /// <summary>Messages that cannot be read as a bid.</summary>
    public Counts.Count Unreadable { get; } = new("unreadable");

    /// <summary>Of the counted ones, those that say another closing time than their auction.</summary>
    public Counts.Count OtherEnd { get; } = new("other end");

    /// <summary>Bids that did not move the clock, because they are from the future.</summary>
    public Counts.Count FromTheFuture { get; } = new("from the future");

    /// <summary>Auctions that were closed and sold.</summary>
    public Counts.Count Sold { get; } = new("sold");

    /// <summary>Auctions that were closed and not sold.</summary>
    public Counts.Count Unsold { get; } = new("unsold");

    /// <summary>All of them, in the order they are printed.</summary>
    public IReadOnlyList<Counts.Count> All =>
        [Received, Counted, Repeated, AfterClosing, WithoutEnd, Unreadable, OtherEnd, FromTheFuture, Sold, Unsold];

    internal void Add(BidOutcome outcome)
    {
        Received.Add(1);
        OtherEnd.Add(outcome == BidOutcome.CountedWithOtherEnd ? 1 : 0);
        (outcome switch
        {
            BidOutcome.Repeated => Repeated,
            BidOutcome.AfterClosing => AfterClosing,
            BidOutcome.WithoutEnd => WithoutEnd,
            _ => Counted,
        }).Add(1);
    }
}
