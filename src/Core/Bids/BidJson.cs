using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// The wire format: one UTF-8 JSON object a bid, with the names the reference programs use (seed 000). Reading is strict in
/// what it needs and ignores keys it does not know. Stateless and thread-safe.
/// </summary>
public static class BidJson
{
    /// <summary>The largest body that is read, in bytes (64 KiB, inclusive).</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The longest text a field may hold, in UTF-16 characters (inclusive).</summary>
    public const int MaxTextLength = 256;

    /// <summary>The highest amount that is read (inclusive): sums of it stay exact in <see cref="decimal"/>.</summary>
    public const decimal MaxAmount = 1_000_000_000_000m;

    private static readonly JsonWriterOptions Compact = new()
    {
        // The body goes to a queue, never into a page: a "+" in a time and a "é" in a name stay readable.
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

    /// <summary>Writes a bid as one line of JSON. <see cref="TryRead"/> of the result gives an equal bid.</summary>
    /// <param name="bid">The bid; it is written as it is, also where <see cref="TryRead"/> would refuse it.</param>
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

    /// <summary>The bid as one line of JSON text, as the contract's texts show it.</summary>
    /// <param name="bid">The bid.</param>
    public static string ToText(Bid bid) => Encoding.UTF8.GetString(Write(bid));

    /// <summary>
    /// Reads a bid. A body is either a bid or a reason, never an exception: refused is what is not UTF-8 JSON or not an object,
    /// a field missing, twice or of the wrong type, an amount not above zero, not finite or above <see cref="MaxAmount"/>, a
    /// time that is none, an item without a letter or digit, a text over <see cref="MaxTextLength"/> characters, and a body
    /// over <see cref="MaxBodyBytes"/>. A time without an offset is taken as UTC.
    /// </summary>
    /// <param name="body">The message's body; not kept.</param>
    /// <param name="bid">The bid, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why it is none, when the result is <see langword="false"/>: a sentence that names the field and
    /// repeats nothing of the body, so that it is safe to print.</param>
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

        var draft = new Draft();
        try
        {
            reason = draft.Read(body);
        }
        catch (JsonException e)
        {
            var place = draft.Field is null ? "" : $" at or after {draft.Field}";
            reason = $"the body is not JSON{place} (byte {StartOfLine(body, e.LineNumber ?? 0) + (e.BytePositionInLine ?? 0)})";
        }
        catch (InvalidOperationException)
        {
            // The body is valid UTF-8, so what GetString refuses is a \u escape of half a surrogate pair.
            reason = $"{(draft.IsInValue ? draft.Field : "a name")} holds text that is not valid Unicode";
        }

        if (reason is not null)
        {
            return false;
        }

        bid = draft.ToBid();
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

    /// <summary>What has been read of a body so far.</summary>
    private ref struct Draft
    {
        private readonly string?[] _texts;
        private decimal _amount;
        private DateTimeOffset _timestamp;
        private int _seen;

        public Draft()
        {
            _texts = new string?[Fields.Length];
        }

        /// <summary>The known field being read, for the reason.</summary>
        public string? Field { get; private set; }

        /// <summary>Whether the value of <see cref="Field"/> is being read, not a name.</summary>
        public bool IsInValue { get; private set; }

        public string? Read(ReadOnlySpan<byte> body)
        {
            var json = new Utf8JsonReader(body);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
            {
                // What follows decides between "not an object" and "not JSON".
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

            // Only now is it known that nothing follows the object.
            json.Read();
            return Missing();
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

            // A number beyond decimal's range is beyond MaxAmount, or below zero, or (1e400) beyond what any float holds.
            if (!json.TryGetDecimal(out _amount))
            {
                return json.ValueSpan[0] == '-' ? "bid_amount is not above zero" : "bid_amount is not finite, or too large";
            }

            return _amount <= 0 ? "bid_amount is not above zero"
                : _amount > MaxAmount ? string.Create(CultureInfo.InvariantCulture, $"bid_amount is above {MaxAmount:0}")
                : null;
        }

        private readonly string? Missing()
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
