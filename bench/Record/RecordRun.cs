using System.Collections.Concurrent;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Record;

/// <summary>Record queues in a virtual host of their own, and programs that fill and read them.</summary>
internal sealed class RecordRun(VirtualHost host, string folder, ProgramRun run) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();

    public static async Task<RecordRun> StartAsync(RunningBroker broker, IEnumerable<string> sinks, ProgramRun run, CancellationToken stop)
    {
        var host = await VirtualHost.CreateAsync(broker, stop);
        await using var connection = await new ConnectionFactory { Uri = host.Uri }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, stop);
        foreach (var sink in sinks)
        {
            await AuctionTopology.DeclareRecordQueueAsync(channel, sink, run.Settings.Broker, stop);
        }

        return new RecordRun(host, Directory.CreateTempSubdirectory("auction-record-").FullName, run);
    }

    /// <summary>Sends bids as fast as the broker confirms.</summary>
    /// <returns>The seconds that the producer took, from its start to its end.</returns>
    public Task<double> ProduceAsync(int bids, CancellationToken stop) => TimeAsync(
        start => OwnedProcess.StartProgram("Producer.V3", ["--count", Text(bids), "--interval", "0", "--monitor", "n", "--quiet"], start, folder, _lines.Enqueue, _lines.Enqueue), stop);

    /// <summary>Records bids in sinks, each all of them.</summary>
    /// <param name="addresses">The sinks with their names.</param>
    /// <param name="bids">Number of bids.</param>
    /// <param name="stop">Cancels the run.</param>
    /// <returns>The seconds that the recorder took, from its start to its end.</returns>
    public Task<double> RecordAsync(IEnumerable<string> addresses, int bids, CancellationToken stop) => TimeAsync(
        start => OwnedProcess.StartProgram(
            "Recorder", [.. addresses.SelectMany(to => new[] { "--to", to }), "--count", Text(bids), "--quiet"], start, folder, _lines.Enqueue, _lines.Enqueue), stop);

    /// <summary>The same for a recorder that keeps nothing.</summary>
    public Task<double> ReadAsync(IEnumerable<string> names, int bids, CancellationToken stop) => TimeAsync(
        start => OwnedProcess.Start(
            "dotnet", [typeof(RecordRun).Assembly.Location, NothingRecorder.Command, .. names, "--count", Text(bids), "--quiet"], start, folder, _lines.Enqueue, _lines.Enqueue), stop);

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <exception cref="ProgramException">The program failed.</exception>
    private async Task<double> TimeAsync(Func<Dictionary<string, string?>, OwnedProcess> start, CancellationToken stop)
    {
        var before = run.Time.GetTimestamp();
        await using var process = start(new() { ["AUCTION_BROKER"] = host.Uri.ToString() });
        if (await process.Exited.WaitAsync(stop) is not 0 and var exitCode)
        {
            throw new ProgramException($"A program ended with exit code {exitCode}: {string.Join(" | ", _lines.TakeLast(5))}");
        }

        return run.Time.GetElapsedTime(before).TotalSeconds;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
