using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Storage;

namespace AuctionTracker.Recorder.Verify;

/// <summary>
/// Opens sinks for reading. JSON lines lie in the order of arrival and may hold an id twice: they are loaded into a temporary DuckDB file,
/// which sorts more than fits in memory.
/// </summary>
internal sealed class RecordSources(ProgramRun run) : IAsyncDisposable
{
    private const int BatchSize = 50_000;

    private readonly List<string> _temporary = [];

    /// <summary>The number of lines that cannot be read as bids.</summary>
    public long Unreadable { get; private set; }

    /// <exception cref="IOException">The sink can't be read.</exception>
    public async Task<IBidSource> OpenAsync(SinkAddress address, CancellationToken stop) => address.Kind switch
    {
        SinkKind.JsonLines => await SortAsync(address, stop),
        SinkKind.Sqlite => new SqliteSource(address.Target),
        SinkKind.DuckDB => new DuckDBSource(address.Target),
        _ => new PostgresSource(PostgresAddress.Parse(address.Target)),
    };

    public ValueTask DisposeAsync()
    {
        _temporary.ForEach(folder => Directory.Delete(folder, recursive: true));
        return ValueTask.CompletedTask;
    }

    private async Task<DuckDBSource> SortAsync(SinkAddress address, CancellationToken stop)
    {
        if (!Directory.Exists(address.Target))
        {
            throw new IOException($"There is no folder {address.Target}.");
        }

        var folder = Directory.CreateTempSubdirectory("auction-verify-").FullName;
        _temporary.Add(folder);
        var path = Path.Combine(folder, "sorted.duckdb");
        var log = run.LogOf(address.Name);
        await using var sorted = await DuckDBSink.OpenAsync(path, stop);
        var lines = new JsonLinesSource(address.Target, (place, reason) =>
        {
            Unreadable++;
            log.Warning("{Place} cannot be read as a bid: {Reason}", place, reason);
        });
        await foreach (var batch in lines.ReadAsync(stop).Chunk(BatchSize).WithCancellation(stop))
        {
            await sorted.WriteAsync(batch, stop);
        }

        return new DuckDBSource(path);
    }
}
