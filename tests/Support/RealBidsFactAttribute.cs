using Xunit;

namespace AuctionTracker.Support;

/// <summary>
/// A test that needs the public eBay auction data (10,681 bids), which is not in the repository. The file's path is the
/// variable EBAY_AUCTIONS_CSV or ../shared/data/ebay-auctions.csv beside the checkout. Without the file the test is skipped.
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

    /// <summary>The path of the file; <see langword="null"/> if it does not exist.</summary>
    public static string? File { get; } =
        new[] { Environment.GetEnvironmentVariable("EBAY_AUCTIONS_CSV"), RepositoryRoot.At("../shared/data/ebay-auctions.csv") }
            .FirstOrDefault(System.IO.File.Exists);
}
