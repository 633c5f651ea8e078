using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using CsvHelper;

namespace AuctionTracker.Replay;

/// <summary>Reads bids from CSV. A row is refused where a consumer would refuse its bid.</summary>
/// <param name="rows">The rows.</param>
/// <param name="name">The name of the file, for errors.</param>
/// <param name="format">What the command line says about it.</param>
/// <param name="keepsIds">Whether bids keep the message ids of a column <c>message_id</c>.</param>
internal sealed partial class CsvBidReader(RowReader rows, string name, CsvFormat format, bool keepsIds)
{
    /// <summary>The names of each field's column: ours, and that of the public eBay data.</summary>
    private static readonly Dictionary<string, string[]> ColumnNames = new()
    {
        ["bidder_id"] = ["bidder_id", "bidder"],
        ["bid_amount"] = ["bid_amount", "bid"],
        ["timestamp"] = ["timestamp", "bidtime"],
        ["item"] = ["item"],
        ["bidder_name"] = ["bidder_name"],
        ["bidder_email"] = ["bidder_email"],
        ["auction_id"] = ["auction_id", "auctionid"],
        ["message_id"] = ["message_id"],
        ["auction_closes"] = ["auction_closes"],
        ["auction_opening"] = ["auction_opening", "openbid"],
    };

    /// <summary>The column of the public eBay data that says how long an auction takes, as in <c>7 day auction</c>.</summary>
    private const string DurationColumn = "auction_type";

    private static readonly string[] Required = ["bidder_id", "bid_amount", "timestamp", "item"];

    private CsvReaderOptions _csv = new();
    private IReadOnlyList<string> _columns = [];
    private Dictionary<string, int> _places = [];
    private int _duration = -1;
    private bool _isMalformed;

    public static IReadOnlyCollection<string> Fields => ColumnNames.Keys;

    public async IAsyncEnumerable<BidRow> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var isRow = await ReadRowAsync(stop);
        for (; isRow && rows.Refusal is not null && format.Columns is not null; isRow = await ReadRowAsync(stop))
        {
            yield return ReadBid();
        }

        if (!isRow)
        {
            yield break;
        }

        var delimiter = format.Delimiter ?? FindDelimiter();
        _csv = new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = _ => _isMalformed = true,
        };
        var isHint = format.Delimiter is null && rows.Row.Span.StartsWith("sep="u8); // Excel's first line
        if (isHint && !await ReadRowAsync(stop))
        {
            yield break;
        }

        _columns = format.Columns ?? ReadHeader();
        _places = FindColumns();
        _duration = _columns.ToList().FindIndex(column => column.Equals(DurationColumn, StringComparison.OrdinalIgnoreCase));
        if (format.Columns is not null)
        {
            yield return ReadBid();
        }

        while (await ReadRowAsync(stop))
        {
            yield return ReadBid();
        }
    }

    /// <summary>Reads the next row that is not empty.</summary>
    private async ValueTask<bool> ReadRowAsync(CancellationToken stop)
    {
        bool isRow;
        do
        {
            isRow = await rows.ReadAsync(stop);
        }
        while (isRow && rows.Refusal is null && rows.Row.IsEmpty);
        return isRow;
    }

    private char FindDelimiter()
    {
        // A comma between digits is no delimiter where it may be a decimal comma.
        var row = Encoding.UTF8.GetString(rows.Row.Span);
        var sample = format.HasDecimalComma ? CommaBetweenDigits().Replace(row, ".") : row;
        using var csv = CsvReader.Create(Encoding.UTF8.GetBytes(sample), new CsvReaderOptions { DetectSeparatorHint = true });
        return csv.Separator;
    }

    private string[] ReadHeader()
    {
        using var csv = CsvReader.Create(rows.Row, _csv);
        _isMalformed = false;
        return rows.Refusal is null && csv.Read() && !_isMalformed
            ? [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)]
            : throw new ProgramException(
                $"{name}:{rows.Line}: the header line can't be read: {rows.Refusal ?? "a quote is misplaced"}. " +
                "Fix the line, or name the columns of a file without one with --columns.");
    }

    private Dictionary<string, int> FindColumns()
    {
        var places = new Dictionary<string, int>();
        foreach (var (field, names) in ColumnNames.Where(c => c.Key != "item" || format.Item is null))
        {
            string[] wanted = format.Map.TryGetValue(field, out var mapped) ? [mapped] : names;
            var place = _columns.ToList().FindIndex(column => wanted.Contains(column, StringComparer.OrdinalIgnoreCase));
            if (place >= 0)
            {
                places.Add(field, place);
            }
            else if (mapped is not null || Required.Contains(field))
            {
                throw new ProgramException(
                    $"{name} has no column {wanted[0]}. Name the one that holds {field} with --map {field}=COLUMN" +
                    $"{(field == "item" ? ", or the item of all bids with --item" : "")}; its columns are {string.Join(", ", _columns)}. " +
                    "Where the first line is a bid, name the columns with --columns.");
            }
        }

        return places;
    }

    private BidRow ReadBid()
    {
        var line = rows.Line;
        if (rows.Refusal is not null)
        {
            return new BidRow(line, null, rows.Refusal);
        }

        if (!Utf8.IsValid(rows.Row.Span))
        {
            return new BidRow(line, null, "it is not UTF-8 text");
        }

        _isMalformed = false;
        using var csv = CsvReader.Create(rows.Row, _csv);
        var isRecord = csv.Read() && !_isMalformed;
        if (isRecord && csv.FieldCount == _columns.Count)
        {
            return ReadBid(csv, line);
        }

        // The quotes of several lines may belong to different rows.
        return new BidRow(line, null, rows.TrySplit() || !isRecord
            ? "a quote is misplaced, or not closed"
            : $"it has {csv.FieldCount} columns instead of {_columns.Count}");
    }

    private BidRow ReadBid(CsvReader csv, long line)
    {
        var amount = TextOf(csv, "bid_amount")!;
        if (!format.TryReadNumber(amount, out var number))
        {
            var hint = amount.Contains(',', StringComparison.Ordinal) && !format.HasDecimalComma ? " (is it --decimal comma?)" : "";
            return new BidRow(line, null, $"bid_amount is not a number{hint}");
        }

        if (!format.TryReadTime(TextOf(csv, "timestamp")!, out var time))
        {
            return new BidRow(line, null, "timestamp is neither an ISO 8601 time nor a number");
        }

        var bidder = TextOf(csv, "bidder_id")!;
        var bid = new Bid(
            bidder, number, time, format.Item ?? TextOf(csv, "item")!, TextOf(csv, "bidder_name") ?? bidder,
            TextOf(csv, "bidder_email") ?? $"{bidder}@bidder.invalid", TextOf(csv, "auction_id"));
        if (bid.AuctionId is { Length: > 0 })
        {
            if (ReadEnd(csv, out var closes, out var opening) is { } reason)
            {
                return new BidRow(line, null, reason);
            }

            bid = bid with { AuctionCloses = closes, AuctionOpening = opening };
        }

        BidJson.TryRead(BidJson.Write(bid), out var read, out var refusal);
        return new BidRow(line, read, refusal, keepsIds && TextOf(csv, "message_id") is { Length: > 0 } id ? id : null);
    }

    private string? TextOf(CsvReader csv, string field) => _places.TryGetValue(field, out var place) ? csv.GetString(place) : null;

    /// <summary>Reads when the auction closes, and from which amount on it sells. Both may be missing.</summary>
    /// <returns>Why the row is refused, or <see langword="null"/>.</returns>
    private string? ReadEnd(CsvReader csv, out DateTimeOffset? closes, out decimal? opening)
    {
        (closes, opening) = (null, null);
        if (TextOf(csv, "auction_opening") is { Length: > 0 } least)
        {
            if (!format.TryReadNumber(least, out var amount))
            {
                return "auction_opening is not a number";
            }

            opening = amount;
        }

        if (TextOf(csv, "auction_closes") is { Length: > 0 } end)
        {
            if (!format.TryReadTime(end, out var time))
            {
                return "auction_closes is neither an ISO 8601 time nor a number";
            }

            closes = time;
        }
        else if (_duration >= 0 && format.TryReadNumber(TextOf(csv, "timestamp")!, out _) && Days().Match(csv.GetString(_duration)) is { Success: true } days)
        {
            // Such a file counts the times of each auction from its opening.
            closes = format.Opening.AddDays(int.Parse(days.ValueSpan, CultureInfo.InvariantCulture));
        }

        return null;
    }

    [GeneratedRegex("(?<=[0-9]),(?=[0-9])")]
    private static partial Regex CommaBetweenDigits();

    [GeneratedRegex("^[0-9]{1,3}(?= day auction$)")]
    private static partial Regex Days();
}
