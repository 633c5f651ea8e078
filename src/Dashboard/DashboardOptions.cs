using System.CommandLine;
using System.Net;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Live;
using AuctionTracker.Core.Settings;
using AuctionTracker.Dashboard.Feeds;

namespace AuctionTracker.Dashboard;

/// <summary>The command line.</summary>
internal sealed class DashboardOptions
{
    private static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(4);

    private readonly Option<string> _from = new("--from")
    {
        Description = "Starts with the bids of a record: a folder of JSON lines, a .db or .sqlite file, or postgres://user@host/database.",
        HelpName = "RECORD",
    };

    private readonly Option<string> _follow = new("--follow")
    {
        Description = "Shows the bids of a growing file instead of a broker's, as Producer.V0 writes it.",
        HelpName = "FILE",
    };

    private readonly Option<string> _window = new("--window")
    {
        Description = "The time that the live charts show. [default: 10m]",
        HelpName = "TIME",
    };

    private readonly Option<bool> _terminal = new("--terminal") { Description = "Shows the figures in the terminal instead of a browser." };

    public DashboardOptions()
    {
        _window.Validators.Add(result =>
        {
            if (!(Duration.Parse(result.Tokens[0].Value) is { } window && window >= MinWindow && window <= MaxWindow))
            {
                result.AddError($"--window is \"{result.Tokens[0].Value}\": it must be {AllSettings.DashboardWindow.Allowed}.");
            }
        });
        _from.Validators.Add(result =>
        {
            // The text is not repeated: it may hold a password.
            if (SinkAddress.Parse(result.Tokens[0].Value) is null or { Kind: SinkKind.DuckDB })
            {
                result.AddError("--from must be a folder of JSON lines, a .db or .sqlite file, or postgres://user@host/database.");
            }

            if (result.GetResult(_follow) is not null)
            {
                result.AddError("--from does not go with --follow: a file is read from its beginning.");
            }
        });
    }

    public ProgramDefinition Definition => new(
        [AllSettings.DashboardPort, AllSettings.DashboardListen, AllSettings.DashboardOpen, AllSettings.Threshold, AllSettings.Items],
        _ => [],
        counts => counts.Received,
        "Dashboard interrupted. Closing connections.")
    { Options = [_from, _follow, _window, _terminal] };

    public string? FileToFollow(ProgramRun run) => run.Arguments.GetValue(_follow);

    public bool IsTerminal(ProgramRun run) => run.Arguments.GetValue(_terminal);

    public RecordFeed? RecordOf(ProgramRun run, LiveFeed feed) =>
        run.Arguments.GetValue(_from) is { } text ? new RecordFeed(run, feed, SinkAddress.Parse(text)!) : null;

    public LiveOptions LiveOptionsOf(ProgramRun run) => new(run.Settings.Alerts.Rules.Threshold)
    {
        Window = run.Arguments.GetValue(_window) is { } text ? Duration.Parse(text)!.Value : run.Settings.Dashboard.Window,
        StalledAfter = run.Settings.Dashboard.StalledAfter,
        RollingSize = run.Settings.Consumer.Window,
    };

    /// <exception cref="SettingsException">Other machines could read the dashboard without a password.</exception>
    public static void RequirePassword(DashboardSettings settings)
    {
        if (!IPAddress.IsLoopback(IPAddress.Parse(settings.Listen)) && settings.Password is null)
        {
            throw new SettingsException($"--listen {settings.Listen} lets other machines in: set a password with [dashboard] password first.");
        }
    }
}
