using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Messages;

/// <summary>Messages about auctions, in the style of the wire format.</summary>
internal static class SaleJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message that an auction is over. Its id is derived from the auction's.</summary>
    public static OutgoingMessage Write(ClosedAuction auction)
    {
        var kind = auction.IsSold ? "sold" : "unsold";
        var highest = auction.Highest;
        return new OutgoingMessage(IdOf(kind, auction.AuctionId), $"{kind}.{AuctionTopology.NameOf(auction.Item)}", Object(json =>
        {
            WriteAuction(json, auction.AuctionId, auction.Item, auction.Bids, auction.Bidders, auction.Opening);
            json.WriteNumber("highest_amount"u8, highest.Amount);
            WriteWinner(json, auction.IsSold ? highest.Amount : null, highest.BidderId, highest.BidderName, highest.BidderEmail);
            json.WriteString("closes"u8, Bid.Format(auction.Closes));
            json.WriteString("closed"u8, Bid.Format(auction.Closed));
            WritePrices(json, auction.Prices);
        }));
    }

    /// <summary>The message that a sale is settled.</summary>
    public static OutgoingMessage Write(SoldAuction sale, DateTimeOffset settled) =>
        new(IdOf("settled", sale.AuctionId), $"settled.{AuctionTopology.NameOf(sale.Item)}", Object(json =>
        {
            WriteAuction(json, sale.AuctionId, sale.Item, sale.Bids, sale.Bidders, sale.Opening);
            WriteWinner(json, sale.Amount, sale.Winner, sale.WinnerName, sale.WinnerEmail);
            json.WriteString("closes"u8, Bid.Format(sale.Closes));
            json.WriteString("closed"u8, Bid.Format(sale.Closed));
            json.WriteString("settled"u8, Bid.Format(settled));
        }));

    /// <summary>The message that the stock of an item changed.</summary>
    /// <param name="kind">What it says: <c>stock.low</c> or <c>stock.refilled</c>.</param>
    /// <param name="sale">The sale that caused it.</param>
    /// <param name="stock">The stock after it.</param>
    /// <param name="time">When.</param>
    public static OutgoingMessage WriteStock(string kind, SoldAuction sale, long stock, DateTimeOffset time) =>
        new(IdOf(kind, sale.AuctionId), $"{kind}.{AuctionTopology.NameOf(sale.Item)}", Object(json =>
        {
            json.WriteString("item"u8, sale.Item);
            json.WriteNumber("stock"u8, stock);
            json.WriteString("auction_id"u8, sale.AuctionId);
            json.WriteString("time"u8, Bid.Format(time));
        }));

    /// <summary>Reads the message that an auction was sold. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sale">The sale, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the body cannot be read, when the result is <see langword="false"/>. It contains nothing of the body.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out SoldAuction? sale, [NotNullWhen(false)] out string? reason)
    {
        (sale, reason) = (null, null);
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            sale = new SoldAuction(
                Text("auction_id"), Text("item"), Amount("winning_amount"), Text("winner"), Text("bidder_name"), Text("bidder_email"), Time(root, "closed"))
            {
                Bids = root.GetProperty("bids").GetInt32(),
                Bidders = root.GetProperty("bidders").GetInt32(),
                Opening = root.GetProperty("opening_amount").ValueKind == JsonValueKind.Null ? null : Amount("opening_amount"),
                Closes = Time(root, "closes"),
                Prices = ReadPrices(root.GetProperty("prices")),
            };
            return true;

            string Text(string name) => StorableText.Of(root.GetProperty(name).GetString() ?? throw new FormatException());

            decimal Amount(string name) => root.GetProperty(name).GetDecimal();
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            reason = e is JsonException ? "the body is not JSON" : "a field of the sale is missing, or of another type";
            return false;
        }
    }

    /// <summary>Reads what <see cref="WritePrices"/> wrote.</summary>
    public static IReadOnlyList<PriceStep> ReadPrices(JsonElement prices) =>
        [.. prices.EnumerateArray().Select(step => new PriceStep(Time(step, "time"), step.GetProperty("amount").GetDecimal()))];

    /// <summary>Writes the property <c>prices</c>.</summary>
    public static void WritePrices(Utf8JsonWriter json, IReadOnlyList<PriceStep> prices)
    {
        json.WriteStartArray("prices"u8);
        foreach (var step in prices)
        {
            json.WriteStartObject();
            json.WriteString("time"u8, Bid.Format(step.Time));
            json.WriteNumber("amount"u8, step.Amount);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes a JSON object.</summary>
    public static byte[] Object(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The id of a message about an auction.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="auctionId">The auction.</param>
    public static string IdOf(string kind, string auctionId) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(auctionId)).AsSpan(0, 16))}";

    private static void WriteAuction(Utf8JsonWriter json, string id, string item, int bids, int bidders, decimal? opening)
    {
        json.WriteString("auction_id"u8, id);
        json.WriteString("item"u8, item);
        json.WriteNumber("bids"u8, bids);
        json.WriteNumber("bidders"u8, bidders);
        WriteAmount(json, "opening_amount", opening);
    }

    /// <summary>Writes who won, for how much; of an auction that nobody won, nulls.</summary>
    private static void WriteWinner(Utf8JsonWriter json, decimal? amount, string id, string name, string email)
    {
        WriteAmount(json, "winning_amount", amount);
        json.WriteString("winner"u8, amount is null ? null : id);
        json.WriteString("bidder_name"u8, amount is null ? null : name);
        json.WriteString("bidder_email"u8, amount is null ? null : email);
    }

    private static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset();

    private static void WriteAmount(Utf8JsonWriter json, string name, decimal? amount)
    {
        if (amount is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
