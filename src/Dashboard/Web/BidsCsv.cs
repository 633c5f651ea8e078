using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live;
using AuctionTracker.Dashboard.Views;
using CsvHelper;

namespace AuctionTracker.Dashboard.Web;

/// <summary>The last bids that a page shows, as CSV.</summary>
internal static class BidsCsv
{
    public static async Task WriteAsync(HttpContext context, DashboardView view)
    {
        var filter = LastBidsFilter.Parse(context.Request.Query);
        context.Response.ContentType = "text/csv; charset=utf-8";
        context.Response.Headers.ContentDisposition = "attachment; filename=bids.csv";
        await using var csv = CsvWriter.Create(context.Response.Body, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        await csv.WriteRecordAsync(["arrived", "timestamp", "item", "bid_amount", "bidder_id", "bidder_name", "auction_id"], context.RequestAborted);
        foreach (var seen in filter.Of(view.Live.LastBids))
        {
            await csv.WriteRecordAsync(Cells(seen), context.RequestAborted);
        }
    }

    private static string[] Cells(SeenBid seen) =>
    [
        Bid.Format(seen.Arrived), Bid.Format(seen.Bid.Timestamp), seen.Bid.Item, FormattableString.Invariant($"{seen.Bid.Amount:0.00##}"),
        seen.Bid.BidderId, seen.Bid.BidderName, seen.Bid.AuctionId ?? "",
    ];
}
