using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live.Sketches;

namespace AuctionTracker.Sales.Auctions;

/// <summary>The auctions that are open, in memory. Not thread-safe.</summary>
internal sealed class AuctionBook
{
    private readonly UInt128 _seed = MemoryMarshal.Read<UInt128>(RandomNumberGenerator.GetBytes(16));
    private readonly Dictionary<string, OpenAuction> _open = [];
    private readonly PriorityQueue<OpenAuction, DateTimeOffset> _byEnd = new();

    /// <summary>The number of open auctions.</summary>
    public int Count => _open.Count;

    /// <summary>The number of their bids.</summary>
    public long Bids { get; private set; }

    public bool IsOpen(string auctionId) => _open.ContainsKey(auctionId);

    /// <summary>Adds a bid of an auction that is not closed; opens the auction if the bid says when it closes.</summary>
    /// <param name="messageId">The id of its message.</param>
    /// <param name="bid">The bid.</param>
    /// <param name="clock">Auctions that close then or before are over, closed or not.</param>
    public BidOutcome Add(string messageId, Bid bid, DateTimeOffset clock)
    {
        var auction = bid.AuctionId is { } id ? _open.GetValueOrDefault(id) : null;
        if (bid.AuctionId is null || (auction?.Closes ?? bid.AuctionCloses) is not { } closes)
        {
            return BidOutcome.WithoutEnd;
        }

        if (bid.Timestamp >= closes || closes <= clock)
        {
            return BidOutcome.AfterClosing;
        }

        if (auction is null)
        {
            auction = new OpenAuction(bid.AuctionId, bid.Item, closes);
            _open.Add(auction.Id, auction);
            _byEnd.Enqueue(auction, closes);
        }

        if (!auction.Add(messageId, Hash(messageId), Hash(bid.BidderId), bid))
        {
            return BidOutcome.Repeated;
        }

        Bids++;
        return bid.AuctionCloses is { } said && said != closes ? BidOutcome.CountedWithOtherEnd : BidOutcome.Counted;
    }

    /// <summary>Closes the auctions whose time is over, in the order of their closing times.</summary>
    /// <param name="clock">Auctions that close then or before are over.</param>
    /// <param name="now">The time, for the closed auctions.</param>
    public IEnumerable<ClosedAuction> CloseUntil(DateTimeOffset clock, DateTimeOffset now)
    {
        while (_byEnd.TryPeek(out var auction, out var closes) && closes <= clock)
        {
            _byEnd.Dequeue();
            _open.Remove(auction.Id);
            Bids -= auction.Bids;
            yield return auction.Close(now);
        }
    }

    private ulong Hash(string text) => SipHash.Hash(MemoryMarshal.AsBytes(text.AsSpan()), _seed);
}
