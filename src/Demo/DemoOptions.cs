using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker;
using AuctionTracker.LocalBroker.Discovery;

namespace AuctionTracker.Demo;

/// <summary>Demo's own flags, and the flags it starts the programs with.</summary>
internal sealed class DemoOptions
{
    /// <summary>With --sales: the number of auctions that are open, and how long each is.</summary>
    private const int OpenAuctions = 5;
    private const int AuctionSeconds = 5;

    /// <summary>Seconds that Auctioneer may wait for the first bid, or need to read what is left.</summary>
    private const int Margin = 5;

    private readonly Option<int?> _bids = new("--bids")
    {
        Description = "Ends after so many bids; without it, Ctrl+C ends it.",
        HelpName = "N",
    };

    private readonly Option<string> _replay = new("--replay")
    {
        Description = "Sends the bids of a file instead of made-up ones.",
        HelpName = "FILE",
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "With --replay: how much faster than real time; 0 goes as fast as the broker confirms.",
        DefaultValueFactory = _ => "86400",
        HelpName = "FACTOR",
    };

    private readonly Option<string> _interval = new("--interval")
    {
        Description = "Seconds between two made-up bids.",
        DefaultValueFactory = _ => "0.2",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _sales = new("--sales")
    {
        Description = "Lets auctions close: starts Recorder, Auctioneer and Settlement, too, and counts what becomes of the sales.",
    };

    public DemoOptions()
    {
        _bids.Validators.Add(result =>
        {
            if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bids) || bids < 1)
            {
                result.AddError($"--bids is \"{result.Tokens[0].Value}\": it must be a whole number from 1 to 2147483647.");
            }
        });
        Definition = new ProgramDefinition(
            [AllSettings.Seed, AllSettings.BadRate, AllSettings.Items, AllSettings.Window, AllSettings.Threshold],
            _ => [],
            counts => counts.Received,
            "Demo interrupted. The producer stops, the consumer reads what is left.")
        {
            Options = [_bids, _replay, _speed, _interval, _sales],
        };
    }

    public ProgramDefinition Definition { get; }

    public bool IsReplay(ProgramRun run) => run.Arguments.GetValue(_replay) is not null;

    /// <summary>Says where everything is.</summary>
    public void LogPlaces(ProgramRun run, RunningBroker broker, string? dashboard)
    {
        run.Log.Information("The dashboard: {Page}", dashboard ?? "its lines above say why it is not there");
        run.Log.Information("RabbitMQ's admin site: {Site}", broker.AdminSite is { } site ? $"{site} (guest / guest)" : "this broker has none");
        run.Log.Information("Alerts{Threshold} go to {Mails}",
            run.Settings.Alerts.Rules.Threshold is { } threshold ? FormattableString.Invariant($" of bids above {threshold:0.00}") : "",
            run.Settings.Mail?.ToString() ?? $"{run.Settings.Alerts.Outbox}/ as .eml files");
        if (HasSales(run))
        {
            run.Log.Information("Mails to winners go to {Mails}/ as .eml files; the state of auctions and sales is a new one in {Folder}/",
                run.Settings.Settlement.Outbox, SalesPrograms.Folder);
        }
    }

    /// <summary>The databases of sales, for the dashboard.</summary>
    public IReadOnlyDictionary<string, string?>? Databases(ProgramRun run) => HasSales(run) ? SalesPrograms.Databases : null;

    public bool HasSales(ProgramRun run) => run.Arguments.GetValue(_sales);

    /// <summary>Seconds without a bid after which all auctions are over, and Auctioneer ends.</summary>
    public string IdleOf(ProgramRun run)
    {
        var interval = double.TryParse(run.Arguments.GetRequiredValue(_interval), CultureInfo.InvariantCulture, out var seconds) ? seconds : 0;
        if (IsReplay(run))
        {
            // At most a day of the file without a bid.
            return Text((2 * Margin) + (double.TryParse(run.Arguments.GetRequiredValue(_speed), CultureInfo.InvariantCulture, out var speed) && speed > 0 ? Math.Ceiling(86_400 / speed) : 0));
        }

        return Text(AuctionSeconds + run.Settings.Auctioneer.Late.TotalSeconds + interval + Margin);
    }

    /// <summary>A replay has its own time, which stands still at the end.</summary>
    public IReadOnlyList<string> ClockArguments(ProgramRun run) =>
        IsReplay(run) ? [SaleSettings.AuctioneerClock.Flag!, "bids", "--close-rest"] : [SaleSettings.AuctioneerClock.Flag!, "wall"];

    public static IReadOnlyList<string> ConsumerArguments(ProgramRun run) =>
    [
        .. Common(run),
        AllSettings.Window.Flag!, Text(run.Settings.Consumer.Window),
        AllSettings.Threshold.Flag!, run.Settings.Alerts.Rules.Threshold is { } threshold ? Text(threshold) : "off",
    ];

    /// <summary>The dashboard's own port; another one where that is taken, so that a second demo runs, too.</summary>
    public static IReadOnlyList<string> DashboardArguments(ProgramRun run) =>
    [
        .. Common(run),
        AllSettings.DashboardPort.Flag!, Ports.IsFree(run.Settings.Dashboard.Port) ? Text(run.Settings.Dashboard.Port) : "0",
        AllSettings.DashboardOpen.Flag!, "n",
        AllSettings.Threshold.Flag!, run.Settings.Alerts.Rules.Threshold is { } threshold ? Text(threshold) : "off",
    ];

    public IReadOnlyList<string> SourceArguments(ProgramRun run)
    {
        string[] count = run.Arguments.GetValue(_bids) is { } bids ? [AllSettings.Count.Flag!, Text(bids)] : [];
        return run.Arguments.GetValue(_replay) is { } file
            ? [file, .. Common(run), .. count, "--speed", run.Arguments.GetRequiredValue(_speed)]
            :
            [
                .. Common(run), .. count,
                AllSettings.Interval.Flag!, run.Arguments.GetRequiredValue(_interval),
                AllSettings.BadRate.Flag!, Text((decimal)run.Settings.Producer.BadRate),
                AllSettings.Monitor.Flag!, "n",
                .. HasSales(run) ? [AllSettings.Auctions.Flag!, Text(OpenAuctions), AllSettings.AuctionTime.Flag!, Text(AuctionSeconds)] : Array.Empty<string>(),
                .. run.Settings.Producer.Seed is { } seed ? [AllSettings.Seed.Flag!, Text(seed)] : Array.Empty<string>(),
            ];
    }

    public static IEnumerable<string> Common(ProgramRun run) =>
    [
        AllSettings.Logs.Flag!, run.Settings.Run.Logs,
        AllSettings.Items.Flag!, string.Join(',', run.Settings.Items),
        .. run.Arguments.GetValue<string>("--settings") is { } file ? ["--settings", file] : Array.Empty<string>(),
    ];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
