using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker.Discovery;

namespace AuctionTracker.Demo;

/// <summary>Demo's own flags, and the flags it starts the programs with.</summary>
internal sealed class DemoOptions
{
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
            Options = [_bids, _replay, _speed, _interval],
        };
    }

    public ProgramDefinition Definition { get; }

    public bool IsReplay(ProgramRun run) => run.Arguments.GetValue(_replay) is not null;

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
                .. run.Settings.Producer.Seed is { } seed ? [AllSettings.Seed.Flag!, Text(seed)] : Array.Empty<string>(),
            ];
    }

    private static IEnumerable<string> Common(ProgramRun run) =>
    [
        AllSettings.Logs.Flag!, run.Settings.Run.Logs,
        AllSettings.Items.Flag!, string.Join(',', run.Settings.Items),
        .. run.Arguments.GetValue<string>("--settings") is { } file ? ["--settings", file] : Array.Empty<string>(),
    ];

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
