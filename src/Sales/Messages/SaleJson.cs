using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Live;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Messages;

/// <summary>Messages about auctions, in the style of the wire format.</summary>
internal static class SaleJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message that an auction is over.</summary>
    public static OutgoingMessage Write(ClosedAuction auction)
    {
        var kind = auction.IsSold ? "sold" : "unsold";
        var highest = auction.Highest;
        return new OutgoingMessage(auction.MessageId, $"{kind}.{AuctionTopology.NameOf(auction.Item)}", Object(json =>
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
    /// <param name="sale">The sale.</param>
    /// <param name="stock">The stock after it.</param>
    /// <param name="settled">When.</param>
    public static OutgoingMessage Write(SoldAuction sale, StockLevel stock, DateTimeOffset settled) =>
        new(IdOf("settled", sale.AuctionId), $"settled.{AuctionTopology.NameOf(sale.Item)}", Object(json =>
        {
            WriteAuction(json, sale.AuctionId, sale.Item, sale.Bids, sale.Bidders, sale.Opening);
            WriteWinner(json, sale.Amount, sale.Winner, sale.WinnerName, sale.WinnerEmail);
            json.WriteString("closes"u8, Bid.Format(sale.Closes));
            json.WriteString("closed"u8, Bid.Format(sale.Closed));
            json.WriteString("settled"u8, Bid.Format(settled));
            WriteStock(json, stock);
        }));

    /// <summary>The message that a sale changed the stock of its item.</summary>
    /// <param name="kind">What it says: <c>stock.low</c> or <c>stock.refilled</c>.</param>
    /// <param name="sale">The sale.</param>
    /// <param name="stock">The stock after it.</param>
    /// <param name="time">When.</param>
    public static OutgoingMessage WriteStock(string kind, SoldAuction sale, StockLevel stock, DateTimeOffset time) =>
        WriteStock(kind, IdOf(kind, sale.AuctionId), sale.Item, sale.AuctionId, stock, time);

    /// <summary>The message that somebody changed the stock of an item.</summary>
    /// <param name="kind">What it says: <c>stock.refilled</c> or <c>stock.lowered</c>.</param>
    /// <param name="stock">The stock after it.</param>
    /// <param name="time">When.</param>
    public static OutgoingMessage WriteStock(string kind, StockLevel stock, DateTimeOffset time) => WriteStock(
        kind, string.Create(CultureInfo.InvariantCulture, $"{kind}-by-hand-{stock.Change}"), stock.Item, auctionId: null, stock, time);

    /// <summary>Reads the message that an auction was sold. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sale">The sale, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the body cannot be read, when the result is <see langword="false"/>. It contains nothing of the body.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out SoldAuction? sale, [NotNullWhen(false)] out string? reason) => TryRead(
        body,
        root => new SoldAuction(
            Text(root, "auction_id"), Text(root, "item"), Amount(root, "winning_amount"), Text(root, "winner"), Text(root, "bidder_name"),
            Text(root, "bidder_email"), Time(root, "closed"))
        {
            Bids = root.GetProperty("bids").GetInt32(),
            Bidders = root.GetProperty("bidders").GetInt32(),
            Opening = root.GetProperty("opening_amount").ValueKind == JsonValueKind.Null ? null : root.GetProperty("opening_amount").GetDecimal(),
            Closes = Time(root, "closes"),
            Prices = ReadPrices(root.GetProperty("prices")),
        },
        out sale,
        out reason);

    /// <summary>Reads a message. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="map">Maps its JSON object; may throw where a property is missing or of another type.</param>
    /// <param name="message">The message, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the body cannot be read, when the result is <see langword="false"/>. It contains nothing of the body.</param>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> body, Func<JsonElement, T> map, [NotNullWhen(true)] out T? message, [NotNullWhen(false)] out string? reason)
        where T : class
    {
        (message, reason) = (null, null);
        try
        {
            using var json = JsonDocument.Parse(body);
            message = map(json.RootElement);
            return true;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            reason = e is JsonException ? "the body is not JSON" : "a field of the sale is missing, or of another type";
            return false;
        }
    }

    /// <summary>A text of a message, as long as a bid's may be. Databases can store it.</summary>
    public static string Text(JsonElement json, string name) =>
        json.GetProperty(name).GetString() is { Length: <= BidJson.MaxTextLength } text ? StorableText.Of(text) : throw new FormatException();

    /// <summary>An amount of a message, in the range of a bid's.</summary>
    public static decimal Amount(JsonElement json, string name) =>
        json.GetProperty(name).GetDecimal() is > 0 and <= BidJson.MaxAmount and var amount ? amount : throw new FormatException();

    /// <summary>A time of a message, in UTC.</summary>
    public static DateTimeOffset Time(JsonElement json, string name) => json.GetProperty(name).GetDateTimeOffset().ToUniversalTime();

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

    private static OutgoingMessage WriteStock(string kind, string id, string item, string? auctionId, StockLevel stock, DateTimeOffset time) =>
        new(id, $"{kind}.{AuctionTopology.NameOf(item)}", Object(json =>
        {
            json.WriteString("item"u8, item);
            WriteStock(json, stock);
            json.WriteString("auction_id"u8, auctionId);
            json.WriteString("time"u8, Bid.Format(time));
        }));

    private static void WriteStock(Utf8JsonWriter json, StockLevel stock)
    {
        json.WriteNumber("stock"u8, stock.Quantity);
        json.WriteNumber("stock_change"u8, stock.Change);
    }

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
