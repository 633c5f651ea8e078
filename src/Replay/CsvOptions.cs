using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Replay;

/// <summary>The flags that say how a CSV file is read.</summary>
internal sealed class CsvOptions
{
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

    public CsvOptions()
    {
        Require(_unit, text => text is "days" or "hours" or "minutes" or "seconds", "days, hours, minutes or seconds");
        Require(_decimal, text => text is "point" or "comma", "point or comma");
        Require(_opening, text => TryReadTime(text, out _), "an ISO 8601 time");
        Require(_map, text => TryReadMap(text, out _), $"FIELD=COLUMN,... with fields of {string.Join(", ", CsvBidReader.Fields)}");
        Require(_delimiter, text => TryReadDelimiter(text, out _),
            "comma, semicolon, tab, pipe or one ASCII character other than a quote or a line break");
    }

    public IReadOnlyList<Option> All => [_columns, _map, _delimiter, _decimal, _opening, _unit];

    /// <summary>Where a CSV says when auctions close, for programs that send it.</summary>
    public Option<string> Closes { get; } = new("--closes")
    {
        Description = "The CSV column that says when a bid's auction closes: ISO 8601, or a number like the other times. By default " +
            "auction_closes, or the days of auction_type, as in \"7 day auction\".",
        HelpName = "COLUMN",
    };

    /// <summary>Whether a column is named for the item.</summary>
    public bool MapsItem(System.CommandLine.Parsing.SymbolResult given) =>
        TryReadMap(given.GetResult(_map)?.GetValueOrDefault<string>(), out var map) && map.ContainsKey("item");

    public CsvFormat FormatOf(ProgramRun run, string? item)
    {
        var arguments = run.Arguments;
        TryReadTime(arguments.GetValue(_opening), out var opening);
        TryReadMap(arguments.GetValue(_map), out var map);
        if (arguments.GetResult(Closes)?.GetValueOrDefault<string>() is { } column)
        {
            map["auction_closes"] = column;
        }

        return new CsvFormat
        {
            Map = map,
            Columns = arguments.GetValue(_columns)?.Split(',', StringSplitOptions.TrimEntries),
            Item = item,
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
    }

    /// <summary>Refuses a value that is not allowed.</summary>
    public static void Require(Option<string> option, Func<string, bool> isAllowed, string allowed) => option.Validators.Add(result =>
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
