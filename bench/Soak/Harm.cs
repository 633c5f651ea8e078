using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>Harm, drawn from a seed: what, to whom, and when.</summary>
internal sealed class Harm(RunningBroker broker, TcpProxy proxy, Cast cast, Ledger ledger, AuctionRun run, Random random)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly List<(string Harm, TimeSpan Recovery)> _recoveries = [];

    /// <summary>For each harm, how long it took from its end until bids flowed again.</summary>
    public IReadOnlyList<(string Harm, TimeSpan Recovery)> Recoveries => _recoveries;

    /// <summary>How many messages were sent that are no bids.</summary>
    public int GarbageSent { get; private set; }

    /// <summary>Does harm until the time is over; each time waits until bids flow again, and then some seconds more.</summary>
    /// <exception cref="TimeoutException">Bids did not flow again within two minutes.</exception>
    public async Task DoAsync(TimeSpan length, CancellationToken stop)
    {
        var start = run.Time.GetTimestamp();
        await ledger.FlowAsync(Patience, stop);
        while (run.Time.GetElapsedTime(start) < length && !stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (4 * random.NextDouble())), run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (name, harm) = Next();
            await harm();
            var recovery = await ledger.FlowAsync(Patience, CancellationToken.None);
            _recoveries.Add((name, recovery));
            run.Log.Information("{Minutes:0.0} min: {Harm}; bids flow again after {Seconds:0.0} s.",
                run.Time.GetElapsedTime(start).TotalMinutes, name, recovery.TotalSeconds);
        }
    }

    private (string Name, Func<Task> Harm) Next() => random.Next(7) switch
    {
        0 => ("kill -9 broker", KillBrokerAsync),
        1 => ("kill -9 producer", () => cast.KillProducerAsync(random.Next(2))),
        2 => ("kill -9 consumer", () => cast.KillConsumerAsync(random.Next(2))),
        3 => ("connections cut", CutAsync),
        4 => ("connections stalled", StallAsync),
        5 => ("memory alarm", AlarmAsync),
        _ => ("garbage in the queues", LitterAsync),
    };

    private async Task KillBrokerAsync()
    {
        await broker.KillAsync();
        await PauseAsync(5);
        await broker.RestartAsync();
    }

    private Task CutAsync()
    {
        proxy.Cut();
        return Task.CompletedTask;
    }

    private async Task StallAsync()
    {
        proxy.Stall();
        await PauseAsync(15);
        proxy.Resume();
    }

    private async Task AlarmAsync()
    {
        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.00001");
        await PauseAsync(10);
        await broker.ControlAsync(CancellationToken.None, "set_vm_memory_high_watermark", "0.4");
    }

    private async Task LitterAsync()
    {
        for (var i = 0; i < 10; i++)
        {
            var garbage = new byte[random.Next(200)];
            random.NextBytes(garbage);
            await PlainClient.SendAsync(broker.Uri, "auction_queue_art", garbage);
            GarbageSent++;
        }
    }

    private Task PauseAsync(int most) => Task.Delay(TimeSpan.FromSeconds(most * random.NextDouble()), run.Time);
}
