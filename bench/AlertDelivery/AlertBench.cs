using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>A virtual host, a folder, and a mail server's port, for one measurement.</summary>
internal sealed class AlertBench : IAsyncDisposable
{
    /// <summary>What the real bids are about.</summary>
    public const string RealItems = "Palm Pilot M515 PDA,Xbox game console,Cartier wristwatch";

    /// <summary>How many of the real bids are above 800.</summary>
    public const int RealAlerts = 484;

    private readonly TempFolder _folder = new();
    private readonly VirtualHost _host;
    private readonly ProgramRun _run;

    private AlertBench(VirtualHost host, ProgramRun run) => (_host, _run) = (host, run);

    /// <summary>The broker's address.</summary>
    public Uri Broker => _host.Uri;

    /// <summary>Where the mail server is, or shall be.</summary>
    public int MailPort { get; } = FreePort.Take();

    /// <summary>The clock.</summary>
    public TimeProvider Time => _run.Time;

    public static async Task<AlertBench> SetAsync(RunningBroker broker, ProgramRun run, CancellationToken stop)
    {
        var scene = new AlertBench(await VirtualHost.CreateAsync(broker, stop), run);
        await File.WriteAllTextAsync(
            scene._folder[".env.toml"],
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {scene.MailPort}
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            """,
            stop);
        return scene;
    }

    /// <summary>Starts one of the suite's programs.</summary>
    public ProgramUnderTest Start(string name, params IEnumerable<string> arguments) => ProgramUnderTest.Start(name, _folder, Broker, arguments);

    /// <summary>Runs one of the suite's programs to its good end.</summary>
    /// <returns>Its last line.</returns>
    public async Task<string> RunAsync(string name, params IEnumerable<string> arguments)
    {
        var (exitCode, texts) = await ProgramUnderTest.RunAsync(name, _folder, Broker, arguments);
        return exitCode == 0 ? texts[^1] : throw new ProgramException($"{name} ended with exit code {exitCode}: {texts[^1]}");
    }

    /// <summary>The file of real bids.</summary>
    /// <exception cref="ProgramException">It is not there.</exception>
    public static string RealBids() => RealBidsFactAttribute.File ?? throw new ProgramException(
        "This needs the eBay auction data: set EBAY_AUCTIONS_CSV to the path of ebay-auctions.csv.");

    /// <summary>Forgets the alerts of a run, so that the next one begins with none.</summary>
    public void ForgetAlerts()
    {
        if (Directory.Exists(_folder["data"]))
        {
            Directory.Delete(_folder["data"], recursive: true);
        }
    }

    /// <summary>Says a result.</summary>
    public void Say(FormattableString text) => _run.Log.Information("{Text}", text.ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _folder.Dispose();
    }
}
