using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AuctionTracker.Core.Bids;

/// <summary>
/// A line of a file of bids: the wire format, and beside it the bid's <c>message_id</c> and the time it was received. Other programs may
/// leave out both. Immutable.
/// </summary>
/// <param name="MessageId">Identifies the bid; of a line without one, the SHA-256 of the line in lower-case hexadecimal. Untrusted text.</param>
/// <param name="Bid">The bid.</param>
/// <param name="ReceivedAt">When a recorder received it; <see langword="null"/> if the line does not say.</param>
public sealed record BidLine(string MessageId, Bid Bid, DateTimeOffset? ReceivedAt)
{
    private const int MaxIdBytes = 255; // what AMQP carries

    /// <summary>Reads a line. Never throws.</summary>
    /// <param name="line">The line without its line feed; a carriage return at its end is ignored.</param>
    /// <param name="read">The line, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the line cannot be read as a bid, when the result is <see langword="false"/>; safe to log, as in
    /// <see cref="BidJson.TryRead"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out BidLine? read, [NotNullWhen(false)] out string? reason)
    {
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        read = null;
        if (!BidJson.TryRead(line, out var bid, out reason))
        {
            return false;
        }

        if (!TryReadIdentity(line, out var id, out var receivedAt))
        {
            reason = "message_id or received_at is not a text of its kind";
            return false;
        }

        read = new BidLine(id ?? Convert.ToHexStringLower(SHA256.HashData(line)), bid, receivedAt);
        return true;
    }

    /// <summary>Writes the line, with its line feed. <see cref="TryRead"/> reads an equal line from it.</summary>
    public byte[] ToBytes() => BidJson.WriteLine(this);

    /// <summary>Reads what the wire format ignores. The line was read as a bid before, so it is a JSON object.</summary>
    private static bool TryReadIdentity(ReadOnlySpan<byte> line, out string? id, out DateTimeOffset? receivedAt)
    {
        (id, receivedAt) = (null, null);
        var json = new Utf8JsonReader(line);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isId = json.ValueTextEquals("message_id"u8);
            var isTime = json.ValueTextEquals("received_at"u8);
            json.Read();
            if (isId)
            {
                id = json.TokenType == JsonTokenType.String && !json.ValueSpan.IsEmpty ? TextOf(ref json) : null;
                if (id is null)
                {
                    return false;
                }
            }
            else if (isTime)
            {
                if (json.TokenType != JsonTokenType.String || !json.TryGetDateTimeOffset(out var time))
                {
                    return false;
                }

                receivedAt = time.ToUniversalTime();
            }
            else
            {
                json.Skip();
            }
        }

        return true;
    }

    private static string? TextOf(ref Utf8JsonReader json)
    {
        try
        {
            return json.GetString() is { } text && Encoding.UTF8.GetByteCount(text) <= MaxIdBytes ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null; // an escape of an unpaired surrogate
        }
    }
}
