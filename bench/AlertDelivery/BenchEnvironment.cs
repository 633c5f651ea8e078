using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>The environment of one measurement: a virtual host, a folder with a settings file, and a port for the mail server.</summary>
internal sealed class BenchEnvironment : IAsyncDisposable
{
    /// <summary>The items of the real bids.</summary>
    public const string RealItems = "Palm Pilot M515 PDA,Xbox game console,Cartier wristwatch";

    /// <summary>Number of real bids above 800.</summary>
    public const int RealAlerts = 484;

    private static readonly TimeSpan QueuePoll = TimeSpan.FromMilliseconds(20);

    private readonly TempFolder _folder = new();
    private readonly VirtualHost _host;
    private readonly ProgramRun _run;

    private BenchEnvironment(VirtualHost host, ProgramRun run) => (_host, _run) = (host, run);

    /// <summary>The path of the file of real bids.</summary>
    /// <exception cref="ProgramException">The file does not exist.</exception>
    public static string RealBids => RealBidsFactAttribute.File ?? throw new ProgramException(
        "This needs the eBay auction data: set EBAY_AUCTIONS_CSV to the path of ebay-auctions.csv.");

    /// <summary>The port that the programs send mail to. The measurement starts a mail server there.</summary>
    public int MailPort { get; } = FreePort.Take();

    public TimeProvider Time => _run.Time;

    public static async Task<BenchEnvironment> CreateAsync(RunningBroker broker, ProgramRun run, CancellationToken stop)
    {
        var environment = new BenchEnvironment(await VirtualHost.CreateAsync(broker, stop), run);
        await File.WriteAllTextAsync(
            environment._folder[".env.toml"],
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {environment.MailPort}
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            """,
            stop);
        return environment;
    }

    /// <summary>Starts one of the suite's programs.</summary>
    public ProgramUnderTest Start(string name, params IEnumerable<string> arguments) =>
        ProgramUnderTest.Start(name, _folder, _host.Uri, arguments);

    /// <summary>Runs one of the suite's programs until it ends.</summary>
    /// <exception cref="ProgramException">Its exit code is not 0.</exception>
    public async Task RunAsync(string name, params IEnumerable<string> arguments)
    {
        var (exitCode, texts) = await ProgramUnderTest.RunAsync(name, _folder, _host.Uri, arguments);
        if (exitCode != 0)
        {
            throw new ProgramException($"{name} ended with exit code {exitCode}: {texts[^1]}");
        }
    }

    /// <summary>Waits until the queues of the items have no ready messages. Messages up to the prefetch may still be unacked.</summary>
    /// <param name="items">The items, separated by commas.</param>
    /// <param name="stop">Cancels the wait.</param>
    /// <returns>Timestamps of the first delivery and of the empty queues.</returns>
    public async Task<(long First, long Last)> WaitForEmptyQueuesAsync(string items, CancellationToken stop)
    {
        await using var connection = await Rabbit.ConnectAsync(_host.Uri);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        var queues = AuctionTopology.QueuesFor(items.Split(','));
        using var timer = new PeriodicTimer(QueuePoll, Time);
        var (all, first) = (0L, 0L);
        while (true)
        {
            var ready = 0L;
            foreach (var queue in queues)
            {
                ready += await channel.MessageCountAsync(queue, stop);
            }

            all = all == 0 ? ready : all;
            first = ready < all && first == 0 ? Time.GetTimestamp() : first;
            if (ready == 0)
            {
                return (first, Time.GetTimestamp());
            }

            await timer.WaitForNextTickAsync(stop);
        }
    }

    /// <summary>Deletes the alerts database, so that the next consumer starts without alerts.</summary>
    public void DeleteAlerts()
    {
        if (Directory.Exists(_folder["data"]))
        {
            Directory.Delete(_folder["data"], recursive: true);
        }
    }

    /// <summary>Logs a result in the invariant culture.</summary>
    public void Log(FormattableString result) => _run.Log.Information("{Result}", result.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
