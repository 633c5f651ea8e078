namespace AuctionTracker.Core.Live;

/// <summary>The last bids of the auctions that had bids last: 1,000 auctions, 200 bids each. Not thread-safe.</summary>
internal sealed class Ladders
{
    private const int MaxAuctions = 1_000;
    private const int MaxBids = 200;

    private readonly Dictionary<string, LinkedListNode<(string Auction, Queue<LadderBid> Bids)>> _ladders = [];
    private readonly LinkedList<(string Auction, Queue<LadderBid> Bids)> _leastRecentFirst = [];

    /// <summary>The last bids of an auction, in the order of their arrival; none if it is not kept.</summary>
    /// <param name="auction">The auction.</param>
    public IReadOnlyList<LadderBid> this[string auction] => _ladders.TryGetValue(auction, out var ladder) ? [.. ladder.Value.Bids] : [];

    public void Add(string auction, LadderBid bid)
    {
        if (_ladders.TryGetValue(auction, out var ladder))
        {
            _leastRecentFirst.Remove(ladder);
        }
        else
        {
            if (_ladders.Count == MaxAuctions)
            {
                _ladders.Remove(_leastRecentFirst.First!.Value.Auction);
                _leastRecentFirst.RemoveFirst();
            }

            ladder = _ladders[auction] = new((auction, []));
        }

        _leastRecentFirst.AddLast(ladder);
        ladder.Value.Bids.Enqueue(bid);
        if (ladder.Value.Bids.Count > MaxBids)
        {
            ladder.Value.Bids.Dequeue();
        }
    }
}

/// <summary>A bid of an auction's ladder.</summary>
/// <param name="Time">The bid's own time.</param>
/// <param name="Amount">Its amount.</param>
/// <param name="BidderId">Its bidder.</param>
public readonly record struct LadderBid(DateTimeOffset Time, decimal Amount, string BidderId);
