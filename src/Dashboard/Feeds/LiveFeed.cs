using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live;
using AuctionTracker.Records;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>The live figures of a run, and how far they can be trusted. Thread-safe.</summary>
/// <param name="options">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class LiveFeed(LiveOptions options, TimeProvider time)
{
    private const int MaxGaps = 50;

    /// <summary>A bid comes twice from the record and the queue, or when its producer sends it again; both within a minute.</summary>
    private const int MaxSeenIds = 300_000;

    private readonly Lock _gate = new();
    private readonly LiveFigures _figures = new(options);
    private readonly SeenIds _seen = new(MaxSeenIds);
    private readonly Queue<Gap> _gaps = [];
    private FeedStatus _status = new(time.GetUtcNow());

    /// <summary>Called with each bid; from one thread at a time.</summary>
    public Action<Bid> BidAdded { get; set; } = _ => { };

    /// <summary>Adds bids. One whose id was seen is left out.</summary>
    /// <returns>The number of bids that were new.</returns>
    public int Add(IEnumerable<LiveBid> bids)
    {
        lock (_gate)
        {
            var count = 0;
            foreach (var (bid, closes) in bids.Where(bid => _seen.Add(bid.Recorded.MessageId)))
            {
                _figures.Add(bid.Bid, bid.MessageId, bid.ReceivedAt, closes);
                BidAdded(bid.Bid);
                count++;
            }

            return count;
        }
    }

    /// <summary>Counts messages or lines that cannot be read as bids.</summary>
    public void AddUnreadable(int count) => Update(status => status with { Unreadable = status.Unreadable + count });

    /// <summary>The source is reached. The time since it was lost is a gap: no bids were seen in it.</summary>
    public void Connected() => Update(status =>
    {
        if (status is { IsConnected: false, WasConnected: true })
        {
            _gaps.Enqueue(new Gap(status.Since, time.GetUtcNow()));
            while (_gaps.Count > MaxGaps)
            {
                _gaps.Dequeue();
            }
        }

        return status with { IsConnected = true, WasConnected = true, Since = time.GetUtcNow(), Gaps = [.. _gaps] };
    });

    /// <summary>The source is lost.</summary>
    public void Disconnected() => Update(status => status.IsConnected ? status with { IsConnected = false, Since = time.GetUtcNow() } : status);

    /// <summary>The record does not have all bids from before <paramref name="time"/> yet.</summary>
    public void RecordIsBehind(DateTimeOffset time) => Update(status => status with { IncompleteBefore = time });

    /// <summary>The record had all bids from before <paramref name="time"/>: the gaps until then are closed.</summary>
    public void RecordIsComplete(DateTimeOffset time) => Update(status =>
    {
        while (_gaps.TryPeek(out var gap) && gap.From < time)
        {
            _gaps.Dequeue();
        }

        return status with { IncompleteBefore = null, Gaps = [.. _gaps] };
    });

    /// <summary>The queue is at its bound: bids are dropped, nobody knows how many.</summary>
    public void Dropped() => Update(status => status with { DroppedSince = status.DroppedSince ?? time.GetUtcNow() });

    /// <summary>How long it will take to read what waits now.</summary>
    public void IsBehind(TimeSpan wait) => Update(status => status with { Behind = wait });

    /// <summary>The figures and their status, from one moment.</summary>
    /// <param name="rows">The most rows of a list.</param>
    /// <param name="charts">The most items of a chart.</param>
    public (LiveSnapshot Live, FeedStatus Status) Snapshot(int rows, int charts)
    {
        lock (_gate)
        {
            return (_figures.SnapshotAt(time.GetUtcNow(), rows, charts), _status);
        }
    }

    /// <summary>Reads something that a snapshot does not have.</summary>
    /// <param name="read">Reads it; other bids wait meanwhile.</param>
    public T Read<T>(Func<LiveFigures, T> read)
    {
        lock (_gate)
        {
            return read(_figures);
        }
    }

    private void Update(Func<FeedStatus, FeedStatus> change)
    {
        lock (_gate)
        {
            _status = change(_status);
        }
    }
}

/// <summary>A bid for the figures.</summary>
/// <param name="Recorded">The bid as the record keeps it, so that figures and reports agree.</param>
/// <param name="Closes">When its auction closes, which the record leaves out; <see langword="null"/> if that is not known.</param>
internal readonly record struct LiveBid(RecordedBid Recorded, DateTimeOffset? Closes)
{
    /// <summary>Creates it from a bid that arrived.</summary>
    public static LiveBid Of(string messageId, Bid bid, DateTimeOffset arrived) => new(new RecordedBid(messageId, bid, arrived), bid.AuctionCloses);
}

/// <summary>How far live figures can be trusted. Immutable.</summary>
/// <param name="Started">When the program began to read.</param>
public sealed record FeedStatus(DateTimeOffset Started)
{
    /// <summary>When the source was reached, or lost.</summary>
    public DateTimeOffset Since { get; init; } = Started;

    /// <summary>Whether the source is reached.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Whether it was ever reached.</summary>
    public bool WasConnected { get; init; }

    /// <summary>The number of messages or lines that could not be read as bids.</summary>
    public long Unreadable { get; init; }

    /// <summary>Since when bids may have been dropped because the queue was full; <see langword="null"/>: none were.</summary>
    public DateTimeOffset? DroppedSince { get; init; }

    /// <summary>Bids from before that moment may be missing until the record has them; <see langword="null"/>: none are known to be.</summary>
    public DateTimeOffset? IncompleteBefore { get; init; }

    /// <summary>How long it will take to read what waits in the queue, in whole seconds.</summary>
    public TimeSpan Behind { get; init; }

    /// <summary>When the source was lost for a while.</summary>
    public IReadOnlyList<Gap> Gaps { get; init; } = [];
}

/// <summary>A time in which no bids were seen.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended.</param>
public readonly record struct Gap(DateTimeOffset From, DateTimeOffset To);
