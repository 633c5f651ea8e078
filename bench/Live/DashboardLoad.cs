using System.Diagnostics;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Bench.Live;

/// <summary>The dashboard as a process: its share of a core and its memory while bids come at a steady rate. Nobody reads the item queues.</summary>
internal static class DashboardLoad
{
    private static readonly TimeSpan Report = TimeSpan.FromSeconds(20);

    public static async Task MeasureAsync(ProgramRun run, int rate, int seconds, CancellationToken stop)
    {
        await using var broker = await RunningBroker.StartAsync(new BrokerRequest { OwnOnly = true, Killable = true }, line => run.Log.Information("{Line}", line), run.Time, stop);
        await broker.ControlAsync(stop, "set_policy", "short", "^auction_queue", "{\"max-length\":1000}");
        var folder = Directory.CreateTempSubdirectory("auction-live-").FullName;
        var reading = new TaskCompletionSource();
        await using var dashboard = OwnedProcess.StartProgram(
            "Dashboard", ["--port", "8088", "--open", "n"], new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.Uri.ToString() }, folder, Show, Show);
        await reading.Task.WaitAsync(TimeSpan.FromSeconds(30), stop);
        using var process = Process.GetProcessById(dashboard.Id);

        var sending = SendAsync(broker, rate, seconds, run, stop);
        while (!sending.IsCompleted)
        {
            var (cpu, start) = (process.TotalProcessorTime, run.Time.GetTimestamp());
            await Task.WhenAny(sending, Task.Delay(Report, run.Time, stop));
            process.Refresh();
            run.Log.Information(
                "dashboard: {Cpu:0} % of a core, {Memory:0} MB",
                (process.TotalProcessorTime - cpu) / run.Time.GetElapsedTime(start) * 100, process.WorkingSet64 / 1e6);
        }

        await sending;
        using var http = new HttpClient();
        foreach (var line in (await http.GetStringAsync(new Uri("http://localhost:8088/metrics"), stop)).Split('\n').Where(line => line.StartsWith("auction_dashboard_tick", StringComparison.Ordinal)))
        {
            run.Log.Information("{Line}", line);
        }

        run.Log.Information("{Stats}", (await http.GetStringAsync(new Uri("http://localhost:8088/api/stats"), stop))[..250]);

        void Show(string line)
        {
            if (line.Contains("Reading the bids", StringComparison.Ordinal))
            {
                reading.TrySetResult();
            }
        }
    }

    private static async Task SendAsync(RunningBroker broker, int rate, int seconds, ProgramRun run, CancellationToken stop)
    {
        var bids = new ManyBids();
        var publisher = run.Publisher(_ => { });
        await new Broker(run.Settings.Broker with { Uris = [broker.Uri] }, "live-load", run.Log, run.Time).RunAsync(async (connection, lost) =>
        {
            var channel = await connection.CreateChannelAsync(BidPublisher.Confirms, lost);
            await AuctionTopology.DeclareItemQueuesAsync(channel, run.Settings.Items, run.Settings.Broker, lost);
            await publisher.UseAsync(channel, lost);
            var start = run.Time.GetTimestamp();
            for (var sent = 0L; sent < (long)rate * seconds && !stop.IsCancellationRequested; sent++)
            {
                var ahead = TimeSpan.FromSeconds((double)sent / rate) - run.Time.GetElapsedTime(start);
                if (ahead > TimeSpan.FromMilliseconds(5))
                {
                    await Task.Delay(ahead, run.Time, lost);
                }

                var (bid, id) = bids.Next(run.Time.GetUtcNow());
                await publisher.PublishAsync(AuctionTopology.BidsExchange, AuctionTopology.RoutingKeyFor(bid.Item), BidMessage.Of(bid, bid.Timestamp, id), lost);
            }

            await publisher.WaitForConfirmsAsync(lost);
        }, stop);
    }
}
