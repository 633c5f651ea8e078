using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AuctionTracker.Sales.Messages;

namespace AuctionTracker.Sales.Live;

/// <summary>How an auction ended. Texts are untrusted. Immutable.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="Item">What was offered.</param>
/// <param name="Amount">The highest bid.</param>
/// <param name="IsSold">Whether it was sold for that.</param>
/// <param name="Winner">The winner's name; <see langword="null"/> if it was not sold, or is not known.</param>
/// <param name="Closed">When it was closed.</param>
public sealed record AuctionResult(string AuctionId, string Item, decimal Amount, bool IsSold, string? Winner, DateTimeOffset Closed)
{
    /// <summary>Reads the message that an auction was sold, or was not. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="result">The result, when the return value is <see langword="true"/>.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out AuctionResult? result) => SaleJson.TryRead(
        body,
        root => new AuctionResult(
            SaleJson.Text(root, "auction_id"),
            SaleJson.Text(root, "item"),
            SaleJson.Amount(root, "highest_amount"),
            root.GetProperty("winning_amount").ValueKind != JsonValueKind.Null,
            root.GetProperty("bidder_name").ValueKind == JsonValueKind.Null ? null : SaleJson.Text(root, "bidder_name"),
            SaleJson.Time(root, "closed")),
        out result,
        out _);
}
