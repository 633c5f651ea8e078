using System.Diagnostics;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Storage;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>
/// Adds the bids of a record: all of them before the first bid of the queue is read, and those of the time without a queue after each lost
/// connection. What was on its way into the record when the queue was bound is in neither yet, so the record is read on until it holds
/// a bid that the queue brought: it keeps the order in which bids came, so all that came before are in it then.
/// </summary>
/// <param name="run">Log and clock.</param>
/// <param name="feed">Gets the bids.</param>
/// <param name="address">The record.</param>
internal sealed class RecordFeed(ProgramRun run, LiveFeed feed, SinkAddress address)
{
    private const int BatchSize = 1_000;

    /// <summary>Looks that have to find a bid of the queue: bids of two producers may stand in another order in the record than in the queue.</summary>
    private const int NeededSightings = 2;

    private static readonly TimeSpan MinPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);

    /// <summary>A record that is this late is reported.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    /// <summary>How far each look goes back: a batch takes a moment, and the clock of another machine may be slow.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private CatchUp? _catchUp;
    private DateTimeOffset _seenUntil;
    private bool _isLoaded;

    private bool IsMissingFolder => address.Kind == SinkKind.JsonLines && !Directory.Exists(address.Target);

    private string Name => address.Kind == SinkKind.Postgres ? PostgresAddress.Parse(address.Target).Description : address.Target;

    /// <summary>Reads the record up to now; <see cref="RunAsync"/> goes on. Called when a queue is bound and none of its bids is read.</summary>
    /// <exception cref="ProgramException">The record can't be read the first time.</exception>
    public async Task ReadAsync(CancellationToken stop)
    {
        var bound = run.Time.GetUtcNow();
        if (_isLoaded)
        {
            var since = _seenUntil - Overlap;
            var catchUp = new CatchUp(bound, _catchUp is { } unfinished && unfinished.Since < since ? unfinished.Since : since);
            await TryLookAsync(catchUp, stop);
            _catchUp = catchUp;
            return;
        }

        if (IsMissingFolder)
        {
            run.Log.Warning("There is no folder {Record} yet: figures begin now, and the record is read as soon as Recorder makes it.", Name);
        }
        else
        {
            run.Log.Information("Reading the record {Record}.", Name);
        }

        var (clock, count) = (Stopwatch.GetTimestamp(), 0);
        await foreach (var batch in ReadAsync(since: null, stop).Chunk(BatchSize).WithCancellation(stop))
        {
            count += feed.Add(batch.Select(bid => new LiveBid(bid, Closes: null)));
        }

        run.Log.Information("{Count:#,0} bids of the record after {Seconds:0.0} s.", count, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        (_isLoaded, _seenUntil) = (true, bound);
        _catchUp = new CatchUp(bound, bound - Overlap);
    }

    /// <summary>Called with the bids of the queue, before they are added.</summary>
    public void OnQueueBids(IEnumerable<string> ids)
    {
        _seenUntil = run.Time.GetUtcNow();
        _catchUp?.AddFromQueue(ids);
    }

    /// <summary>Reads on after each <see cref="ReadAsync(CancellationToken)"/>, until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pause = MinPause;
        while (true)
        {
            await Task.Delay(pause, run.Time, stop);
            if (_catchUp is not { } catchUp)
            {
                pause = MinPause;
                continue;
            }

            var clock = Stopwatch.GetTimestamp();
            var isGrowing = await TryLookAsync(catchUp, stop) > 0 || catchUp.Sightings > 0;
            pause = isGrowing ? MinPause : pause * 2 > MaxPause ? MaxPause : pause * 2;

            // A look into a large record takes a while: nine tenths of the time are left to others.
            pause = TimeSpan.FromTicks(Math.Max(pause.Ticks, 10 * Stopwatch.GetElapsedTime(clock).Ticks));
            if (catchUp.Sightings >= NeededSightings)
            {
                Complete(catchUp);
            }
            else if (catchUp is { HasQueueBids: true, IsReported: false } && run.Time.GetUtcNow() - catchUp.Bound > MaxDelay)
            {
                catchUp.IsReported = true;
                feed.RecordIsBehind(catchUp.Bound);
                run.Log.Warning("The record is behind: bids from before {Time} may be missing until its Recorder has caught up.", Bid.Format(catchUp.Bound));
            }
        }
    }

    private void Complete(CatchUp catchUp)
    {
        if (Interlocked.CompareExchange(ref _catchUp, null, catchUp) == catchUp)
        {
            feed.RecordIsComplete(catchUp.Bound);
            run.Log.Information("The record holds all bids from before {Time}.", Bid.Format(catchUp.Bound));
        }
    }

    /// <returns>The number of bids that were new; 0 when the record can't be read now.</returns>
    private async Task<int> TryLookAsync(CatchUp catchUp, CancellationToken stop)
    {
        try
        {
            var (now, count, isPast) = (run.Time.GetUtcNow(), 0, false);
            await foreach (var batch in ReadAsync(catchUp.Since, stop).Chunk(BatchSize).WithCancellation(stop))
            {
                count += feed.Add(batch.Where(bid => !catchUp.IsFromQueue(bid.MessageId)).Select(bid => new LiveBid(bid, Closes: null)));
                if (isPast)
                {
                    break;
                }

                isPast = batch.Any(bid => catchUp.IsFromQueue(bid.MessageId));
            }

            catchUp.Since = now - Overlap;
            catchUp.Sightings += isPast ? 1 : 0;
            return count;
        }
        catch (ProgramException e)
        {
            run.Log.Warning("{Text}", e.Message);
            return 0;
        }
    }

    /// <exception cref="ProgramException">The record can't be read.</exception>
    private async IAsyncEnumerable<RecordedBid> ReadAsync(DateTimeOffset? since, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var bids = Open(since, stop).GetAsyncEnumerator(stop);
        while (await MoveNextAsync())
        {
            yield return bids.Current;
        }

        async ValueTask<bool> MoveNextAsync()
        {
            try
            {
                return await bids.MoveNextAsync();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ProgramException($"{e.Message} Name another record with --from.", e);
            }
        }
    }

    private IAsyncEnumerable<RecordedBid> Open(DateTimeOffset? since, CancellationToken stop) => address.Kind switch
    {
        _ when IsMissingFolder => AsyncEnumerable.Empty<RecordedBid>(),
        SinkKind.JsonLines => new JsonLinesSource(address.Target, LogUnreadable) { Since = since ?? DateTimeOffset.MinValue }.ReadAsync(stop),
        SinkKind.Sqlite => new SqliteSource(address.Target).ReadAsync(since, stop),
        _ => new PostgresSource(PostgresAddress.Parse(address.Target)).ReadAsync(since, stop),
    };

    private void LogUnreadable(string place, string reason)
    {
        if (!_isLoaded)
        {
            run.Log.Warning("{Place} cannot be read as a bid: {Reason}", place, reason);
            feed.AddUnreadable(1);
        }
    }

    /// <summary>What is still to be read for one queue.</summary>
    /// <param name="bound">When the queue was bound.</param>
    /// <param name="since">From which time of arrival the next look reads.</param>
    private sealed class CatchUp(DateTimeOffset bound, DateTimeOffset since)
    {
        /// <summary>The first bids of the queue. A look ends with the second batch after the first of them, so all of them that it sees are known.</summary>
        private const int MaxIds = 3 * BatchSize;

        private readonly Lock _gate = new();
        private readonly HashSet<string> _ids = [];

        public DateTimeOffset Bound => bound;

        public DateTimeOffset Since { get; set; } = since;

        public int Sightings { get; set; }

        public bool IsReported { get; set; }

        public bool HasQueueBids
        {
            get
            {
                lock (_gate)
                {
                    return _ids.Count > 0;
                }
            }
        }

        public void AddFromQueue(IEnumerable<string> ids)
        {
            lock (_gate)
            {
                _ids.UnionWith(ids.Take(MaxIds - _ids.Count));
            }
        }

        public bool IsFromQueue(string id)
        {
            lock (_gate)
            {
                return _ids.Contains(id);
            }
        }
    }
}
