using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Outbox;

namespace AuctionTracker.Sales.Messages;

/// <summary>Messages about auctions, in the style of the wire format.</summary>
internal static class SaleJson
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message that an auction is over. Its id is derived from the auction's.</summary>
    public static OutgoingMessage Write(ClosedAuction auction)
    {
        var kind = auction.IsSold ? "sold" : "unsold";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteString("auction_id"u8, auction.AuctionId);
            json.WriteString("item"u8, auction.Item);
            json.WriteNumber("bids"u8, auction.Bids);
            json.WriteNumber("bidders"u8, auction.Bidders);
            WriteAmount(json, "opening_amount", auction.Opening);
            json.WriteNumber("highest_amount"u8, auction.Highest.Amount);
            WriteAmount(json, "winning_amount", auction.IsSold ? auction.Highest.Amount : null);
            json.WriteString("winner"u8, auction.IsSold ? auction.Highest.BidderId : null);
            json.WriteString("bidder_name"u8, auction.IsSold ? auction.Highest.BidderName : null);
            json.WriteString("bidder_email"u8, auction.IsSold ? auction.Highest.BidderEmail : null);
            json.WriteString("closes"u8, Bid.Format(auction.Closes));
            json.WriteString("closed"u8, Bid.Format(auction.Closed));
            json.WriteStartArray("prices"u8);
            foreach (var step in auction.Prices)
            {
                json.WriteStartObject();
                json.WriteString("time"u8, Bid.Format(step.Time));
                json.WriteNumber("amount"u8, step.Amount);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return new OutgoingMessage(IdOf(kind, auction.AuctionId), $"{kind}.{AuctionTopology.NameOf(auction.Item)}", buffer.ToArray());
    }

    /// <summary>The id of a message about an auction.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="auctionId">The auction.</param>
    public static string IdOf(string kind, string auctionId) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(auctionId)).AsSpan(0, 16))}";

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
