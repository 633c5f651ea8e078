using System.CommandLine;
using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Replay;

/// <summary>What is on Replay's command line alone.</summary>
internal sealed class ReplayOptions
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "Bids as CSV with a header line, or as JSON lines in the wire format.",
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "How much faster than life: 86400 plays a day a second, 0 goes as fast as the broker confirms.",
        DefaultValueFactory = _ => "86400",
        HelpName = "FACTOR",
    };

    private readonly Option<string> _map = new("--map")
    {
        Description = "Which CSV column is which field: bid_amount=price,bidder_id=user. Needed where a column has another name.",
        HelpName = "FIELD=COLUMN,...",
    };

    private readonly Option<string> _opening = new("--opening")
    {
        Description = "The time that a CSV's times count from where they are numbers.",
        DefaultValueFactory = _ => "2024-01-01T00:00:00+00:00",
        HelpName = "TIME",
    };

    private readonly Option<string> _unit = new("--unit")
    {
        Description = "What a CSV's times are counted in where they are numbers: days, hours, minutes or seconds.",
        DefaultValueFactory = _ => "days",
        HelpName = "UNIT",
    };

    public ReplayOptions()
    {
        _unit.AcceptOnlyFromAmong("days", "hours", "minutes", "seconds");
        _speed.Validators.Add(result => Require(result, TryReadSpeed(result.GetValueOrDefault<string>(), out _), "a number from 0 to 1000000000"));
        _opening.Validators.Add(result => Require(result, TryReadTime(result.GetValueOrDefault<string>(), out _), "an ISO 8601 time"));
        _map.Validators.Add(result => Require(result, TryReadMap(result.GetValueOrDefault<string>(), out _), $"FIELD=COLUMN,... with fields of {string.Join(", ", CsvBids.Fields)}"));
        Definition = new ProgramDefinition(
            [AllSettings.Count, AllSettings.Items],
            counts => [counts.BadRows, counts.Sent, counts.Confirmed, counts.Returned, counts.Failed],
            counts => counts.Confirmed,
            "Replay interrupted. Exiting.")
        {
            Arguments = [_file],
            Options = [_speed, _map, _opening, _unit],
        };
    }

    public ProgramDefinition Definition { get; }

    public double SpeedOf(ProgramRun run) => TryReadSpeed(run.Arguments.GetValue(_speed), out var speed) ? speed : 0;

    /// <summary>The file's bids by their time, those of the same time in the file's order; at most <c>--count</c>.</summary>
    public async Task<IReadOnlyList<BidMessage>> ReadFileAsync(ProgramRun run, CancellationToken stop)
    {
        TryReadTime(run.Arguments.GetValue(_opening), out var opening);
        TryReadMap(run.Arguments.GetValue(_map), out var map);
        var unit = run.Arguments.GetValue(_unit) switch
        {
            "days" => TimeSpan.TicksPerDay,
            "hours" => TimeSpan.TicksPerHour,
            "minutes" => TimeSpan.TicksPerMinute,
            _ => TimeSpan.TicksPerSecond,
        };
        return await BidFile.ReadAsync(run.Arguments.GetRequiredValue(_file), new CsvTimes(opening, unit), map, run, stop);
    }

    private static void Require(System.CommandLine.Parsing.OptionResult result, bool isAllowed, string allowed)
    {
        if (!isAllowed)
        {
            result.AddError($"{result.Option.Name} is \"{result.Tokens[0].Value}\": it must be {allowed}.");
        }
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
                !CsvBids.Fields.Contains(field) || !map.TryAdd(field, column))
            {
                return false;
            }
        }

        return true;
    }
}
