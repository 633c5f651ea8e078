using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AuctionTracker.Core.Bids;

/// <summary>Reads one body, field by field. <see cref="BidJson.TryRead"/> has the contract.</summary>
internal ref struct BidParser
{
    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"];

    private static readonly string[] Fields =
        ["bidder_id", "bid_amount", "timestamp", "item", "bidder_name", "bidder_email", "auction_id", "auction_closes", "auction_opening"];

    /// <summary>The fields from here on may be missing, or null.</summary>
    private const int FirstOptional = 6;

    private static readonly byte[][] Utf8Fields = [.. Fields.Select(Encoding.UTF8.GetBytes)];

    // Texts that were read before: items and bidders come again and again, so one string serves many bids. At most 2 MiB. Threads share it
    // without a lock; a lost update does no harm.
    private static readonly string?[] Recent = new string?[4096];

    private Texts _texts;
    private decimal _amount;
    private DateTimeOffset _timestamp;
    private decimal? _opening;
    private DateTimeOffset? _closes;
    private int _seen;
    private int _next;

    /// <summary>The known field that was reached last, for the reason.</summary>
    public string? Field { get; private set; }

    /// <summary>Whether the value of <see cref="Field"/> is being read, and not a property name.</summary>
    public bool IsInValue { get; private set; }

    public string? Read(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            // Read to the end: anything invalid there makes it "not JSON" instead of "not an object".
            json.Skip();
            json.Read();
            return "the body is JSON, but not an object";
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldAt(ref json);
            if (field < 0)
            {
                json.Skip();
                continue;
            }

            Field = Fields[field];
            if ((_seen & (1 << field)) != 0)
            {
                return $"{Field} appears twice";
            }

            _seen |= 1 << field;
            json.Read();
            IsInValue = true;
            if (ReadValue(field, ref json) is { } reason)
            {
                return reason;
            }

            IsInValue = false;
        }

        // Throws if anything follows the object.
        json.Read();
        return MissingField();
    }

    public readonly Bid ToBid() => new(_texts[0]!, _amount, _timestamp, _texts[3]!, _texts[4]!, _texts[5]!, _texts[6])
    {
        AuctionCloses = _closes,
        AuctionOpening = _opening,
    };

    /// <summary>The field whose name was read, or -1. Fields mostly come in order, so the one after the last is tried first.</summary>
    private int FieldAt(ref Utf8JsonReader json)
    {
        for (var i = 0; i < Fields.Length; i++)
        {
            var field = (_next + i) % Fields.Length;
            if (json.ValueTextEquals(Utf8Fields[field]))
            {
                _next = field + 1;
                return field;
            }
        }

        return -1;
    }

    private string? ReadValue(int field, ref Utf8JsonReader json)
    {
        if (field >= FirstOptional && json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        switch (Field)
        {
            case "bid_amount":
                return ReadAmount(ref json, out _amount) ?? (_amount > 0 ? null : "bid_amount is not above zero");
            case "auction_opening":
                var reason = ReadAmount(ref json, out var opening) ?? (opening >= 0 ? null : "auction_opening is below zero");
                _opening = opening;
                return reason;
            case "timestamp":
                return ReadTime(ref json, out _timestamp);
            case "auction_closes":
                reason = ReadTime(ref json, out var closes);
                _closes = closes;
                return reason;
            default:
                return ReadText(field, ref json);
        }
    }

    private string? ReadText(int field, ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return $"{Field} is not a text";
        }

        var text = ReadText(ref json);
        if (text.Length > BidJson.MaxTextLength)
        {
            return $"{Field} is longer than {BidJson.MaxTextLength} characters";
        }

        if (Field == "item" && !HasLetterOrDigit(text))
        {
            return "item has neither a letter nor a digit";
        }

        _texts[field] = text;
        return null;
    }

    private readonly string? ReadTime(ref Utf8JsonReader json, out DateTimeOffset time)
    {
        time = default;
        if (json.TokenType != JsonTokenType.String)
        {
            json.Skip();
            return $"{Field} is not a text";
        }

        if (IsWireTime(ref json) && json.TryGetDateTimeOffset(out time))
        {
            return null;
        }

        var text = json.GetString()!;
        return text.Length > BidJson.MaxTextLength ? $"{Field} is longer than {BidJson.MaxTextLength} characters"
            : TryReadTime(text, out time) ? null
            : $"{Field} is not an ISO 8601 time";
    }

    private readonly string? ReadAmount(ref Utf8JsonReader json, out decimal amount)
    {
        amount = 0;
        if (json.TokenType != JsonTokenType.Number)
        {
            json.Skip();
            return $"{Field} is not a number";
        }

        // A number outside the range of decimal is above BidJson.MaxAmount or below zero; 1e400 is infinite even as a double.
        if (!json.TryGetDecimal(out amount))
        {
            return json.ValueSpan[0] != '-' ? $"{Field} is not finite, or too large"
                : Field == "bid_amount" ? "bid_amount is not above zero" : $"{Field} is below zero";
        }

        return amount > BidJson.MaxAmount ? string.Create(CultureInfo.InvariantCulture, $"{Field} is above {BidJson.MaxAmount:0}") : null;
    }

    private readonly string? MissingField()
    {
        for (var i = 0; i < FirstOptional; i++)
        {
            if ((_seen & (1 << i)) == 0)
            {
                return $"{Fields[i]} is missing";
            }
        }

        return null;
    }

    private static string ReadText(ref Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > BidJson.MaxTextLength)
        {
            return json.GetString()!;
        }

        var hash = new HashCode();
        hash.AddBytes(json.ValueSpan);
        ref var recent = ref Recent[(uint)hash.ToHashCode() % Recent.Length];
        return recent is { } text && json.ValueTextEquals(text) ? text : recent = json.GetString()!;
    }

    private static bool HasLetterOrDigit(string text)
    {
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a time has the form that <see cref="BidJson.Write"/> gives it, which the JSON reader parses without a string.</summary>
    private static bool IsWireTime(ref Utf8JsonReader json) =>
        json.ValueSpan.Length == "2024-06-12T03:56:06.410536+00:00".Length && json.ValueSpan.EndsWith("+00:00"u8) && !json.ValueIsEscaped;

    private static bool TryReadTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out time);

    [InlineArray(7)]
    private struct Texts
    {
        private string? _first;
    }
}
