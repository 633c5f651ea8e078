using System.Globalization;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using CsvHelper;

namespace AuctionTracker.Replay;

/// <summary>Reads bids from CSV with a header line. A row is held to the wire's rules: what a consumer would refuse is refused here.</summary>
internal static class CsvBids
{
    /// <summary>The fields of a bid, and the columns that stand for them where none is named: our own names, and those of
    /// the public eBay data.</summary>
    private static readonly Dictionary<string, string[]> Columns = new()
    {
        ["bidder_id"] = ["bidder_id", "bidder"],
        ["bid_amount"] = ["bid_amount", "bid"],
        ["timestamp"] = ["timestamp", "bidtime"],
        ["item"] = ["item"],
        ["bidder_name"] = ["bidder_name"],
        ["bidder_email"] = ["bidder_email"],
        ["auction_id"] = ["auction_id", "auctionid"],
    };

    private static readonly string[] Needed = ["bidder_id", "bid_amount", "timestamp", "item"];

    public static IReadOnlyCollection<string> Fields => Columns.Keys;

    public static async IAsyncEnumerable<FileRow> ReadAsync(
        TextReader text, string path, CsvTimes times, IReadOnlyDictionary<string, string> map,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var malformed = new Queue<FileRow>();
        await using var csv = CsvReader.Create(text, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            TrimWhitespace = true,
            AllowLineBreaksInQuotes = false, // a quote that is never closed costs its row, not the rest of the file
            MaxRecordSize = 1 << 20,
            MalformedData = CsvMalformedDataHandling.Skip,
            FieldCountMismatch = CsvFieldCountHandling.Skip,
            OnMalformedRecord = bad => malformed.Enqueue(new FileRow(bad.LineNumber, null, Words(bad.Reason))),
        }, leaveOpen: true);
        await csv.ReadHeaderAsync(stop);
        var places = Places(csv.Headers, map, path);
        while (await csv.ReadAsync(stop))
        {
            while (malformed.TryDequeue(out var bad))
            {
                yield return bad;
            }

            yield return Read(csv, places, times);
        }

        while (malformed.TryDequeue(out var bad))
        {
            yield return bad;
        }
    }

    private static Dictionary<string, int> Places(IReadOnlyList<string> header, IReadOnlyDictionary<string, string> map, string path)
    {
        var places = new Dictionary<string, int>();
        foreach (var (field, columns) in Columns)
        {
            string[] names = map.TryGetValue(field, out var named) ? [named] : columns;
            var place = header.ToList().FindIndex(names.Contains);
            if (place >= 0)
            {
                places.Add(field, place);
            }
            else if (named is not null || Needed.Contains(field))
            {
                throw new ProgramException(
                    $"{path} has no column {names[0]}. Name the one that holds {field} with --map {field}=COLUMN; " +
                    $"its columns are {string.Join(", ", header)}.");
            }
        }

        return places;
    }

    private static string Words(CsvMalformedReason reason) => reason == CsvMalformedReason.FieldCountMismatch
        ? "it has more or fewer columns than the header"
        : "a quote stands where none may, or is not closed on its line";

    private static FileRow Read(CsvReader csv, Dictionary<string, int> places, CsvTimes times)
    {
        var line = csv.LineNumber;
        string? Text(string field) => places.TryGetValue(field, out var place) ? csv.GetString(place) : null;
        if (!decimal.TryParse(Text("bid_amount"), NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
        {
            return new FileRow(line, null, "bid_amount is not a number");
        }

        if (!times.TryRead(Text("timestamp")!, out var time))
        {
            return new FileRow(line, null, "timestamp is neither an ISO 8601 time nor a number");
        }

        var bidder = Text("bidder_id")!;
        var bid = new Bid(
            bidder, amount, time, Text("item")!, Text("bidder_name") ?? bidder, Text("bidder_email") ?? $"{bidder}@bidder.invalid", Text("auction_id"));
        BidJson.TryRead(BidJson.Write(bid), out var read, out var refusal);
        return new FileRow(line, read, refusal);
    }
}

/// <summary>How a CSV writes times: ISO 8601, or a number of units from an opening.</summary>
/// <param name="Opening">What numbers count from.</param>
/// <param name="TicksPerUnit">What they count.</param>
internal readonly record struct CsvTimes(DateTimeOffset Opening, long TicksPerUnit)
{
    public bool TryRead(string text, out DateTimeOffset time)
    {
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var units))
        {
            return DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
        }

        // Beyond some 9,000 years, a number is no time.
        const decimal MaxTicks = 2_800_000_000_000_000_000m;
        time = default;
        if (Math.Abs(units) > MaxTicks / TicksPerUnit)
        {
            return false;
        }

        var ticks = Opening.UtcTicks + (units * TicksPerUnit);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
        {
            return false;
        }

        time = new DateTimeOffset((long)ticks, TimeSpan.Zero);
        return true;
    }
}
