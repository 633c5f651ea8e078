using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Sqlite;

namespace AuctionTracker.Recorder;

/// <summary>The sinks of a run, opened.</summary>
internal sealed class OpenSinks : IAsyncDisposable
{
    private readonly List<(SinkAddress Address, IBidSink Sink)> _all = [];

    public IReadOnlyList<(SinkAddress Address, IBidSink Sink)> All => _all;

    /// <exception cref="ProgramException">A sink can't be opened. The message names it.</exception>
    public static async Task<OpenSinks> OpenAsync(IEnumerable<SinkAddress> addresses, CancellationToken cancel)
    {
        var sinks = new OpenSinks();
        foreach (var address in addresses)
        {
            try
            {
                sinks._all.Add((address, await OpenAsync(address, cancel)));
            }
            catch (Exception e) when (e is IOException or FormatException)
            {
                await sinks.DisposeAsync();
                throw new ProgramException($"{e.Message.TrimEnd('.')}. It is the sink {address.Name} of --to.", e);
            }
        }

        return sinks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, sink) in _all)
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
