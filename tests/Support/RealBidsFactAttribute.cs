using Xunit;

namespace AuctionTracker.Support;

/// <summary>
/// A test on the public eBay auction data, 10,681 bids, which is not part of the repository: its path is EBAY_AUCTIONS_CSV, or
/// it lies at ../shared/data/ebay-auctions.csv beside the checkout. Without it the test is reported as skipped, with the reason.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealBidsFactAttribute : FactAttribute
{
    public RealBidsFactAttribute()
    {
        if (File is null)
        {
            Skip = "This test needs the eBay auction data: set EBAY_AUCTIONS_CSV to the path of ebay-auctions.csv.";
        }
    }

    /// <summary>The file, or <see langword="null"/> where there is none.</summary>
    public static string? File { get; } =
        new[] { Environment.GetEnvironmentVariable("EBAY_AUCTIONS_CSV"), RepositoryRoot.At("../shared/data/ebay-auctions.csv") }
            .FirstOrDefault(System.IO.File.Exists);
}
