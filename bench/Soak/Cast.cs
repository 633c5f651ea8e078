using System.Globalization;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>Two producers and two consumers as processes; one that dies is started again.</summary>
internal sealed class Cast : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly Uri _broker;
    private readonly Ledger _ledger;
    private readonly Leash[] _producers = new Leash[2];
    private readonly Leash[] _consumers = new Leash[2];
    private int _seed;

    private Cast(TempFolder folder, Uri broker, Ledger ledger, int seed) => (_folder, _broker, _ledger, _seed) = (folder, broker, ledger, seed * 1000);

    public static async Task<Cast> StartAsync(TempFolder folder, Uri broker, Ledger ledger, int seed)
    {
        await File.WriteAllTextAsync(folder[".env.toml"], "[broker]\nheartbeat = 2\nwait = true\n");
        var cast = new Cast(folder, broker, ledger, seed);
        for (var i = 0; i < 2; i++)
        {
            (cast._producers[i], cast._consumers[i]) = (cast.Produce(), cast.Consume());
        }

        return cast;
    }

    public Task KillProducerAsync(int which) => ReplaceAsync(_producers, which, Produce);

    public Task KillConsumerAsync(int which) => ReplaceAsync(_consumers, which, Consume);

    /// <summary>Stops the producers, lets the consumers read what is left, and stops them.</summary>
    public async Task FinishAsync()
    {
        foreach (var producer in _producers)
        {
            producer.Send(Signal.Interrupt);
            await producer.Exited;
        }

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var (open, still) = (int.MaxValue, 0);
        while (_ledger.Open() is > 0 and var now && still < 150)
        {
            still = now < open ? 0 : still + 1;
            open = now;
            await poll.WaitForNextTickAsync();
        }

        foreach (var consumer in _consumers)
        {
            consumer.Send(Signal.Interrupt);
            await consumer.Exited;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var leash in _producers.Concat(_consumers))
        {
            await leash.DisposeAsync();
        }
    }

    private Leash Produce() => Start("Producer.V3", "--interval", "0.01", "--seed", (++_seed).ToString(CultureInfo.InvariantCulture), "--logs", $"logs{_seed}");

    private Leash Consume() => Start("Consumer.V2", "--logs", $"logs{++_seed}");

    private Leash Start(string name, params string[] arguments) => Leash.Start(
        "dotnet",
        [Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{name}.dll"), .. arguments],
        new Dictionary<string, string?> { ["AUCTION_BROKER"] = _broker.ToString() },
        _folder.Path,
        _ledger.Take,
        Console.Error.WriteLine);

    private static async Task ReplaceAsync(Leash[] leashes, int which, Func<Leash> start)
    {
        leashes[which].Send(Signal.Kill);
        await leashes[which].Exited; // with it, all its lines are in the ledger
        leashes[which] = start();
    }
}
