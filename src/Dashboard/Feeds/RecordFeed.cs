using System.Diagnostics;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;

namespace AuctionTracker.Dashboard.Feeds;

/// <summary>
/// Takes in the bids of a record before those of the queue, which is bound by then. Bids that were on their way into the record at that
/// moment are in neither: the record is read again until nothing more comes that the queue did not bring.
/// </summary>
/// <param name="run">Log and clock.</param>
/// <param name="feed">Gets the bids.</param>
/// <param name="address">The record.</param>
internal sealed class RecordFeed(ProgramRun run, LiveFeed feed, SinkAddress address)
{
    private const int BatchSize = 2_000;

    /// <summary>Looks without a new bid after which the record is complete. Recorder writes five times a second.</summary>
    private const int QuietLooks = 3;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxCatchUp = TimeSpan.FromMinutes(2);

    /// <summary>How far each look goes back: a batch takes a moment, and the clock of another machine may be slow.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(15);

    private bool _isLoaded;

    /// <summary>Reads all of the record, once; then goes on in the background.</summary>
    /// <exception cref="ProgramException">The record can't be read.</exception>
    public async Task LoadAsync(CancellationToken stop)
    {
        if (_isLoaded)
        {
            return;
        }

        var (start, clock) = (run.Time.GetUtcNow(), Stopwatch.GetTimestamp());
        run.Log.Information("Reading the record {Record}.", Name);
        var count = await AddAsync(DateTimeOffset.MinValue, stop);
        run.Log.Information("{Count:#,0} bids of the record after {Seconds:0.0} s.", count, Stopwatch.GetElapsedTime(clock).TotalSeconds);
        _isLoaded = true;
        _ = CatchUpAsync(start, stop);
    }

    private string Name => address.Kind == SinkKind.Postgres ? PostgresAddress.Parse(address.Target).Description : address.Target;

    private async Task CatchUpAsync(DateTimeOffset start, CancellationToken stop)
    {
        try
        {
            var (since, quiet, begin) = (start, 0, Stopwatch.GetTimestamp());
            while (quiet < QuietLooks)
            {
                await Task.Delay(LookInterval, run.Time, stop);
                var look = run.Time.GetUtcNow();
                quiet = await AddAsync(since - Overlap, stop) == 0 ? quiet + 1 : 0;
                since = look;
                if (Stopwatch.GetElapsedTime(begin) > MaxCatchUp)
                {
                    run.Log.Warning("The record is still behind: bids from before {Time} may be missing from the figures.", Core.Bids.Bid.Format(start));
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (ProgramException e)
        {
            run.Log.Warning("{Text} Bids that were on their way into the record may be missing from the figures.", e.Message);
        }
    }

    /// <returns>The number of bids that were new.</returns>
    private async Task<int> AddAsync(DateTimeOffset since, CancellationToken stop)
    {
        var count = 0;
        try
        {
            await foreach (var batch in ReadAsync(since, stop).Chunk(BatchSize).WithCancellation(stop))
            {
                count += feed.Add(batch);
            }

            return count;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException($"{e.Message} Name another record with --from.", e);
        }
    }

    private IAsyncEnumerable<RecordedBid> ReadAsync(DateTimeOffset since, CancellationToken stop) => address.Kind switch
    {
        SinkKind.JsonLines => new JsonLinesSource(address.Target, LogUnreadable) { Since = since }.ReadAsync(stop),
        SinkKind.Sqlite => new SqliteSource(address.Target).ReadSinceAsync(since, stop),
        _ => new PostgresSource(PostgresAddress.Parse(address.Target)).ReadSinceAsync(since, stop),
    };

    private void LogUnreadable(string place, string reason)
    {
        if (!_isLoaded)
        {
            run.Log.Warning("{Place} cannot be read as a bid: {Reason}", place, reason);
            feed.AddUnreadable(1);
        }
    }
}
