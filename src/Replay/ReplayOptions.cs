using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Replay;

/// <summary>The command line of Replay.</summary>
internal sealed class ReplayOptions
{
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

    private readonly Option<string> _map = new("--map")
    {
        Description = "The CSV column of a field, where it has another name: bid_amount=price,bidder_id=user.",
        HelpName = "FIELD=COLUMN,...",
    };

    private readonly Option<string> _columns = new("--columns")
    {
        Description = "The names of a CSV's columns in their order, for a file without a header line. A name may be empty.",
        HelpName = "NAME,...",
    };

    private readonly Option<string> _item = new("--item")
    {
        Description = "The item of all bids of a CSV. It goes before an item column of the file.",
        HelpName = "NAME",
    };

    private readonly Option<string> _delimiter = new("--delimiter")
    {
        Description = "What separates a CSV's columns: comma, semicolon, tab, pipe or another character. " +
            "The default is found in the first line.",
        HelpName = "DELIMITER",
    };

    private readonly Option<string> _decimal = new("--decimal")
    {
        Description = "What separates the decimals in a CSV's numbers: point or comma.",
        DefaultValueFactory = _ => "point",
        HelpName = "point|comma",
    };

    private readonly Option<string> _opening = new("--opening")
    {
        Description = "The time that a CSV's times count from where they are numbers.",
        DefaultValueFactory = _ => "2024-01-01T00:00:00+00:00",
        HelpName = "TIME",
    };

    private readonly Option<string> _unit = new("--unit")
    {
        Description = "The unit of a CSV's times where they are numbers: days, hours, minutes or seconds.",
        DefaultValueFactory = _ => "days",
        HelpName = "UNIT",
    };

    private readonly Option<bool> _keepIds = new("--keep-ids")
    {
        Description = "Bids of JSON lines keep their message_id, so that a record that has them knows them. By default they get new ones.",
    };

    public ReplayOptions()
    {
        Require(_unit, text => text is "days" or "hours" or "minutes" or "seconds", "days, hours, minutes or seconds");
        Require(_sort, text => text is "time" or "off", "time or off");
        Require(_decimal, text => text is "point" or "comma", "point or comma");
        Require(_speed, text => TryReadSpeed(text, out _), "a number from 0 to 1000000000");
        Require(_opening, text => TryReadTime(text, out _), "an ISO 8601 time");
        Require(_map, text => TryReadMap(text, out _), $"FIELD=COLUMN,... with fields of {string.Join(", ", CsvBidReader.Fields)}");
        Require(_delimiter, text => TryReadDelimiter(text, out _),
            "comma, semicolon, tab, pipe or one ASCII character other than a quote or a line break");
        Require(_item, text => text.Any(char.IsLetterOrDigit), "a name with a letter or digit");
        _item.Validators.Add(result =>
        {
            if (TryReadMap(result.GetResult(_map)?.GetValueOrDefault<string>(), out var map) && map.ContainsKey("item"))
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
            Options = [_speed, _sort, _columns, _map, _item, _delimiter, _decimal, _opening, _unit, _keepIds],
        };
    }

    public ProgramDefinition Definition { get; }

    public double SpeedOf(ProgramRun run) => TryReadSpeed(run.Arguments.GetValue(_speed), out var speed) ? speed : 0;

    public bool SortsOf(ProgramRun run) => run.Arguments.GetValue(_sort) == "time";

    public BidFile FileOf(ProgramRun run)
    {
        var arguments = run.Arguments;
        TryReadTime(arguments.GetValue(_opening), out var opening);
        TryReadMap(arguments.GetValue(_map), out var map);
        var format = new CsvFormat
        {
            Map = map,
            Columns = arguments.GetValue(_columns)?.Split(',', StringSplitOptions.TrimEntries),
            Item = arguments.GetValue(_item),
            Delimiter = TryReadDelimiter(arguments.GetValue(_delimiter), out var delimiter) ? delimiter : null,
            HasDecimalComma = arguments.GetValue(_decimal) == "comma",
            Opening = opening,
            TicksPerUnit = arguments.GetValue(_unit) switch
            {
                "days" => TimeSpan.TicksPerDay,
                "hours" => TimeSpan.TicksPerHour,
                "minutes" => TimeSpan.TicksPerMinute,
                _ => TimeSpan.TicksPerSecond,
            },
        };
        return new BidFile(arguments.GetRequiredValue(_file), format, arguments.GetValue(_keepIds), run);
    }

    private static void Require(Option<string> option, Func<string, bool> isAllowed, string allowed) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string>() is { } text && !isAllowed(text))
        {
            result.AddError($"{option.Name} is \"{text}\": it must be {allowed}.");
        }
    });

    private static bool TryReadDelimiter(string? text, out char delimiter)
    {
        delimiter = text switch
        {
            "comma" => ',',
            "semicolon" => ';',
            "tab" => '\t',
            "pipe" => '|',
            [var single] => single,
            _ => '\0',
        };
        return char.IsAscii(delimiter) && delimiter is not ('\0' or '"' or '\r' or '\n');
    }

    private static bool TryReadSpeed(string? text, out double speed) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out speed) &&
        speed is >= 0 and <= 1e9;

    private static bool TryReadTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static bool TryReadMap(string? text, out Dictionary<string, string> map)
    {
        map = [];
        foreach (var pair in text?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [var field, { Length: > 0 } column] ||
                !CsvBidReader.Fields.Contains(field) || !map.TryAdd(field, column))
            {
                return false;
            }
        }

        return true;
    }
}
