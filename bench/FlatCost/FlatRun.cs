using System.Collections.Concurrent;
using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.FlatCost;

/// <summary>What a case took.</summary>
/// <param name="BidsPerSecond">From the consumer's start to its end.</param>
/// <param name="Cpu">CPU time of the consumer in microseconds a bid.</param>
/// <param name="PeakMemory">The consumer's largest resident memory in MiB.</param>
internal sealed record FlatResult(double BidsPerSecond, double Cpu, double PeakMemory)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{BidsPerSecond,8:#,0} bids/s, {Cpu,5:0.0} µs of CPU a bid, {PeakMemory,4:0} MiB at most");
}

/// <summary>Runs a case in a virtual host and a folder of its own.</summary>
internal sealed class FlatRun(FlatCase flatCase, Uri broker, string folder, ProgramRun run)
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <exception cref="ProgramException">A program failed.</exception>
    public static async Task<FlatResult> RunAsync(FlatCase flatCase, RunningBroker broker, ProgramRun run, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("auction-flat-cost-");
        try
        {
            await using var host = await VirtualHost.CreateAsync(broker, stop);
            return await new FlatRun(flatCase, host.Uri, folder.FullName, run).RunAsync(stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<FlatResult> RunAsync(CancellationToken stop)
    {
        await DeclareQueuesAsync(stop);
        var producing = flatCase.Auctions > 0 ? await ReplayAsync(stop) : ProduceAsync(stop);
        if (flatCase.Backlog > 0)
        {
            await producing;
        }

        var start = run.Time.GetTimestamp();
        await using var consumer = Start(flatCase.Consumer, ["--count", Text(flatCase.Bids), .. flatCase.Flags]);
        var usage = await ProcessUsage.UntilEndAsync(consumer.Id, consumer.Exited, run.Time, stop);
        var seconds = run.Time.GetElapsedTime(start).TotalSeconds;
        await EndAsync(consumer);
        await producing;
        return new FlatResult(flatCase.Bids / seconds, usage.Seconds / flatCase.Bids * 1e6, usage.PeakMemory);
    }

    private async Task DeclareQueuesAsync(CancellationToken stop)
    {
        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, flatCase.ItemNames, run.Settings.Broker, stop);
    }

    private async Task ProduceAsync(CancellationToken stop)
    {
        var bids = Math.Max(flatCase.Bids, flatCase.Backlog);
        await using var producer = Start("Producer.V3", ["--count", Text(bids), "--interval", "0", "--monitor", "n"]);
        await EndAsync(producer).WaitAsync(stop);
    }

    /// <summary>Writes a file of bids on auctions, and starts to replay it.</summary>
    /// <returns>The replay.</returns>
    private async Task<Task> ReplayAsync(CancellationToken stop)
    {
        var file = Path.Combine(folder, "bids.jsonl");
        var generator = new BidGenerator(flatCase.ItemNames, seed: 1, badRate: 0, run.Time);
        await using (var lines = new StreamWriter(file))
        {
            for (var i = 0; i < flatCase.Bids; i++)
            {
                var bid = generator.Next().Bid! with { AuctionId = Text(i % flatCase.Auctions) };
                await lines.WriteLineAsync(System.Text.Encoding.UTF8.GetString(BidJson.Write(bid)).AsMemory(), stop);
            }
        }

        return SendAsync();

        async Task SendAsync()
        {
            await using var replay = Start("Replay", [file, "--speed", "0", "--sort", "off"]);
            await EndAsync(replay).WaitAsync(stop);
        }
    }

    private OwnedProcess Start(string program, IEnumerable<string> flags)
    {
        var environment = new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.ToString(), ["AUCTION_ALERTS_GROUP_BY"] = "auction" };
        return OwnedProcess.StartProgram(
            program, [.. flags, "--quiet", "--items", string.Join(',', flatCase.ItemNames)], environment, folder, _lines.Enqueue, _lines.Enqueue);
    }

    private async Task EndAsync(OwnedProcess process)
    {
        if (await process.Exited is not 0 and var exitCode)
        {
            throw new ProgramException($"A program of '{flatCase.Name}' ended with exit code {exitCode}: {string.Join(" | ", _lines.TakeLast(5))}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
