using System.Diagnostics.CodeAnalysis;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Messages;

namespace AuctionTracker.Sales.Settlements;

/// <summary>A sale, as Auctioneer announces it. Texts are untrusted. Immutable.</summary>
/// <param name="AuctionId">The auction.</param>
/// <param name="Item">What was sold.</param>
/// <param name="Amount">The winning bid.</param>
/// <param name="Winner">The winner's id.</param>
/// <param name="WinnerName">The winner's name.</param>
/// <param name="WinnerEmail">The winner's address.</param>
/// <param name="Closed">When the auction was closed.</param>
public sealed record SoldAuction(
    string AuctionId, string Item, decimal Amount, string Winner, string WinnerName, string WinnerEmail, DateTimeOffset Closed)
{
    /// <summary>The number of bids.</summary>
    public int Bids { get; init; }

    /// <summary>The number of different bidders.</summary>
    public int Bidders { get; init; }

    /// <summary>The least amount at which it sells, or <see langword="null"/>.</summary>
    public decimal? Opening { get; init; }

    /// <summary>When the auction was to close.</summary>
    public DateTimeOffset Closes { get; init; }

    /// <summary>How the price rose.</summary>
    public IReadOnlyList<PriceStep> Prices { get; init; } = [];

    /// <summary>Reads the message that an auction was sold. Never throws.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sale">The sale, when the result is <see langword="true"/>.</param>
    /// <param name="reason">Why the body cannot be read, when the result is <see langword="false"/>. It contains nothing of the body.</param>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out SoldAuction? sale, [NotNullWhen(false)] out string? reason) =>
        SaleJson.TryRead(body, out sale, out reason);
}
