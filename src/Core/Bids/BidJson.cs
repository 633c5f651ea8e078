using System.Buffers;
using System.Diagnostics.CodeAnalysis;
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
        var (buffer, json) = Begin(bid);
        return End(buffer, json);
    }

    /// <summary>Writes a line of a file: the same object with the line's other fields, and a line feed.</summary>
    internal static byte[] WriteLine(BidLine line)
    {
        var (buffer, json) = Begin(line.Bid);
        json.WriteString("message_id"u8, line.MessageId);
        if (line.ReceivedAt is { } time)
        {
            json.WriteString("received_at"u8, Bid.Format(time));
        }

        return [.. End(buffer, json), (byte)'\n'];
    }

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Json) Begin(Bid bid)
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

        if (bid.AuctionCloses is { } closes)
        {
            json.WriteString("auction_closes"u8, Bid.Format(closes));
        }

        if (bid.AuctionOpening is { } opening)
        {
            json.WriteNumber("auction_opening"u8, opening);
        }

        return (buffer, json);
    }

    private static byte[] End(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
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
    /// the amount is not above zero or is above <see cref="MaxAmount"/>, the opening amount is below zero or above it, a time is not ISO 8601, the item has no letter or digit, or a
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

        var parser = new BidParser();
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
}
