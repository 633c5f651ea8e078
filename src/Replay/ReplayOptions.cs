using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Replay;

/// <summary>The command line of Replay.</summary>
internal sealed class ReplayOptions
{
    private readonly CsvOptions _csv = new();

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Bids as CSV, or as JSON lines in the wire format; also compressed with gzip. - reads standard input. " +
            "A row may have up to 1 MiB.",
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "How many times faster than real time: 86400 plays a day a second, 0 goes as fast as the broker confirms.",
        DefaultValueFactory = _ => "86400",
        HelpName = "FACTOR",
    };

    private readonly Option<string> _sort = new("--sort")
    {
        Description = "time: by the bids' time; the file is read before the first bid is sent, and what does not fit in memory goes to a " +
            "temporary file. off: in the order of the file; with --items each bid is sent as it is read, without a temporary file.",
        DefaultValueFactory = _ => "time",
        HelpName = "time|off",
    };

    private readonly Option<string> _item = new("--item")
    {
        Description = "The item of all bids of a CSV. It goes before an item column of the file.",
        HelpName = "NAME",
    };

    private readonly Option<bool> _keepIds = new("--keep-ids")
    {
        Description = "Bids keep the message_id that the file has, so that a record that has them knows them. By default they get new ones.",
    };

    public ReplayOptions()
    {
        CsvOptions.Require(_sort, text => text is "time" or "off", "time or off");
        CsvOptions.Require(_speed, text => TryReadSpeed(text, out _), "a number from 0 to 1000000000");
        CsvOptions.Require(_item, text => text.Any(char.IsLetterOrDigit), "a name with a letter or digit");
        _item.Validators.Add(result =>
        {
            if (_csv.MapsItem(result))
            {
                result.AddError("--item names the item of all bids, and --map names a column for it: leave one of them out.");
            }
        });
        Definition = new ProgramDefinition(
            [AllSettings.Count, AllSettings.Items],
            counts => [counts.BadRows, counts.Sent, counts.Confirmed, counts.Returned, counts.Failed],
            counts => counts.Confirmed,
            "Replay interrupted. Exiting.")
        {
            Arguments = [_file],
            Options = [_speed, _sort, _item, .. _csv.All, _csv.Closes, _keepIds],
        };
    }

    public ProgramDefinition Definition { get; }

    public double SpeedOf(ProgramRun run) => TryReadSpeed(run.Arguments.GetValue(_speed), out var speed) ? speed : 0;

    public bool SortsOf(ProgramRun run) => run.Arguments.GetValue(_sort) == "time";

    public BidFile FileOf(ProgramRun run) => new(
        run.Arguments.GetRequiredValue(_file), _csv.FormatOf(run, run.Arguments.GetValue(_item)), run.Arguments.GetValue(_keepIds), run);

    private static bool TryReadSpeed(string? text, out double speed) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out speed) &&
        speed is >= 0 and <= 1e9;
}
