using System.Globalization;

namespace AuctionTracker.Core.Hosting;

/// <summary>Texts for log lines and mails.</summary>
public static class Caption
{
    /// <summary>A number of things: <c>1 bid</c>, <c>12 bids</c>.</summary>
    /// <param name="count">The number.</param>
    /// <param name="noun">One of them. Its plural ends in s.</param>
    public static string Count(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
