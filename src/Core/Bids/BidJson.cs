using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// The wire format: one UTF-8 JSON object per bid, with the field names of the reference programs. Reading is strict about known
/// fields and ignores unknown ones. Stateless and thread-safe.
/// </summary>
public static class BidJson
{
    /// <summary>The largest body that is read, in bytes (64 KiB, inclusive).</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The longest text a field may have, in UTF-16 code units (inclusive).</summary>
    public const int MaxTextLength = 256;

    /// <summary>The highest amount that is read (inclusive). Sums of such amounts stay exact in <see cref="decimal"/>.</summary>
    public const decimal MaxAmount = 1_000_000_000_000m;

    private static readonly JsonWriterOptions Compact = new()
    {
        // The body never becomes part of a web page, so a "+" in a time and an "é" in a name need no escape.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly string[] TimeFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK"];

    private static readonly string[] Fields =
        ["bidder_id", "bid_amount", "timestamp", "item", "bidder_name", "bidder_email", "auction_id"];

    // Reused by each thread: a producer writes thousands of bids a second.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes a bid as one line of JSON. <see cref="TryRead"/> reads an equal bid from the result.</summary>
    /// <param name="bid">The bid. It is not checked: <see cref="TryRead"/> may refuse the result.</param>
    /// <returns>The body of a message, UTF-8 without a byte order mark.</returns>
    public static byte[] Write(Bid bid)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(512);
        var json = _writer ??= new Utf8JsonWriter(buffer, Compact);
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("bidder_id"u8, bid.BidderId);
        json.WriteNumber("bid_amount"u8, bid.Amount);
        json.WriteString("timestamp"u8, Bid.Format(bid.Timestamp));
        json.WriteString("item"u8, bid.Item);
        json.WriteString("bidder_name"u8, bid.BidderName);
        json.WriteString("bidder_email"u8, bid.BidderEmail);
        if (bid.AuctionId is not null)
        {
            json.WriteString("auction_id"u8, bid.AuctionId);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The bid as one line of JSON text, as the log shows it.</summary>
    /// <param name="bid">The bid.</param>
    public static string ToText(Bid bid) => Encoding.UTF8.GetString(Write(bid));

    /// <summary>
    /// Reads a bid. Never throws: for an invalid body it returns <see langword="false"/> and a reason. A body is invalid if it is longer
    /// than <see cref="MaxBodyBytes"/>, is not UTF-8 or not a JSON object, or if a field is missing, appears twice or has the wrong type,
    /// the amount is not above zero or is above <see cref="MaxAmount"/>, the time is not ISO 8601, the item has no letter or digit, or a
    /// text is longer than <see cref="MaxTextLength"/>. A time without an offset is UTC.
    /// </summary>
    /// <param name="body">The message's body; no reference to it is kept.</param>
    /// <param name="bid">The bid, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the body is invalid, when the result is <see langword="false"/>. It names the field and contains nothing of
    /// the body, so it is safe to log.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Bid? bid, [NotNullWhen(false)] out string? reason)
    {
        bid = null;
        if (body.Length > MaxBodyBytes)
        {
            reason = $"the body is {body.Length} bytes long, more than {MaxBodyBytes}";
            return false;
        }

        if (!Utf8.IsValid(body))
        {
            reason = "the body is not UTF-8 text";
            return false;
        }

        var parser = new Parser();
        try
        {
            reason = parser.Read(body);
        }
        catch (JsonException e)
        {
            var place = parser.Field is null ? "" : $" at or after {parser.Field}";
            reason = $"the body is not JSON{place} (byte {StartOfLine(body, e.LineNumber ?? 0) + (e.BytePositionInLine ?? 0)})";
        }
        catch (InvalidOperationException)
        {
            // The body is valid UTF-8, so GetString throws only for a \u escape of an unpaired surrogate.
            reason = $"{(parser.IsInValue ? parser.Field : "a name")} holds text that is not valid Unicode";
        }

        if (reason is not null)
        {
            return false;
        }

        bid = parser.ToBid();
        return true;
    }

    private static int StartOfLine(ReadOnlySpan<byte> body, long line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += body[start..].IndexOf((byte)'\n') + 1;
        }

        return start;
    }

    /// <summary>Reads one body, field by field.</summary>
    private ref struct Parser
    {
        private readonly string?[] _texts;
        private decimal _amount;
        private DateTimeOffset _timestamp;
        private int _seen;

        public Parser()
        {
            _texts = new string?[Fields.Length];
        }

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

        public readonly Bid ToBid() =>
            new(_texts[0]!, _amount, _timestamp, _texts[3]!, _texts[4]!, _texts[5]!, _texts[6]);

        private static int FieldAt(ref Utf8JsonReader json)
        {
            for (var i = 0; i < Fields.Length; i++)
            {
                if (json.ValueTextEquals(Fields[i]))
                {
                    return i;
                }
            }

            return -1;
        }

        private string? ReadValue(int field, ref Utf8JsonReader json)
        {
            if (Field == "bid_amount")
            {
                return ReadAmount(ref json);
            }

            if (Field == "auction_id" && json.TokenType == JsonTokenType.Null)
            {
                return null;
            }

            if (json.TokenType != JsonTokenType.String)
            {
                json.Skip();
                return $"{Field} is not a text";
            }

            var text = json.GetString()!;
            if (text.Length > MaxTextLength)
            {
                return $"{Field} is longer than {MaxTextLength} characters";
            }

            if (Field == "timestamp" && !TryReadTime(text, out _timestamp))
            {
                return "timestamp is not an ISO 8601 time";
            }

            if (Field == "item" && !text.Any(char.IsLetterOrDigit))
            {
                return "item has neither a letter nor a digit";
            }

            _texts[field] = text;
            return null;
        }

        private string? ReadAmount(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.Number)
            {
                json.Skip();
                return "bid_amount is not a number";
            }

            // A number outside the range of decimal is above MaxAmount or below zero; 1e400 is infinite even as a double.
            if (!json.TryGetDecimal(out _amount))
            {
                return json.ValueSpan[0] == '-' ? "bid_amount is not above zero" : "bid_amount is not finite, or too large";
            }

            return _amount <= 0 ? "bid_amount is not above zero"
                : _amount > MaxAmount ? string.Create(CultureInfo.InvariantCulture, $"bid_amount is above {MaxAmount:0}")
                : null;
        }

        private readonly string? MissingField()
        {
            for (var i = 0; i < Fields.Length - 1; i++)
            {
                if ((_seen & (1 << i)) == 0)
                {
                    return $"{Fields[i]} is missing";
                }
            }

            return null;
        }

        private static bool TryReadTime(string text, out DateTimeOffset time) =>
            DateTimeOffset.TryParseExact(
                text,
                TimeFormats,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
                out time);
    }
}
