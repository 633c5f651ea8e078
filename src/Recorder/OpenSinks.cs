using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Storage;

namespace AuctionTracker.Recorder;

/// <summary>The sinks of a run, opened.</summary>
internal sealed class OpenSinks : IAsyncDisposable
{
    private readonly List<IBidSink> _sinks = [];
    private readonly List<SinkWriter> _writers = [];

    public IReadOnlyList<SinkWriter> Writers => _writers;

    public IEnumerable<string> Names => _writers.Select(writer => writer.Name);

    /// <exception cref="ProgramException">A sink can't be opened. The message names it.</exception>
    public static async Task<OpenSinks> OpenAsync(ProgramRun run, CancellationToken cancel)
    {
        var sinks = new OpenSinks();
        foreach (var address in run.Settings.RecordTo)
        {
            try
            {
                var sink = await OpenAsync(address, cancel);
                sinks._sinks.Add(sink);
                sinks._writers.Add(new SinkWriter(address, sink, run));
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                await sinks.DisposeAsync();
                throw new ProgramException($"{e.Message.TrimEnd('.')}. It is the sink {address.Name} of --to.", e);
            }
        }

        return sinks;
    }

    public void LogCounts() => _writers.ForEach(writer => writer.LogCounts());

    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks)
        {
            await sink.DisposeAsync();
        }
    }

    private static async Task<IBidSink> OpenAsync(SinkAddress address, CancellationToken cancel) => address.Kind switch
    {
        SinkKind.JsonLines => await JsonLinesSink.OpenAsync(address.Target, cancel),
        SinkKind.Sqlite => await SqliteSink.OpenAsync(address.Target, cancel),
        SinkKind.DuckDB => await DuckDBSink.OpenAsync(address.Target, cancel),
        _ => await PostgresSink.OpenAsync(PostgresAddress.Parse(address.Target), cancel),
    };
}
