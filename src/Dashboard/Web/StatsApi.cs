using System.Text.Json;
using System.Text.Json.Serialization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Dashboard.Views;
using AuctionTracker.Sales.Live;

namespace AuctionTracker.Dashboard.Web;

/// <summary>The figures as JSON, in the style of the wire format.</summary>
internal static class StatsApi
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new TwoDecimals() },
    };

    public static IResult Write(DashboardView view)
    {
        var live = view.Live;
        return Results.Json(
            new
            {
                live.Amounts.Bids,
                Bad = view.Status.Unreadable,
                Amount = live.Amounts.Total,
                live.Amounts.Highest,
                live.Amounts.High,
                live.Rate,
                live.PeakRate,
                Since = Bid.Format(view.Since),
                BehindSeconds = (long)view.Status.Behind.TotalSeconds,
                Dropped = view.Status.DroppedSince is { } since ? Bid.Format(since) : null,
                Exact = live.IsExact,
                Items = live.Items.Select(row => new
                {
                    row.Item,
                    row.Amounts.Bids,
                    row.Bidders,
                    Amount = row.Amounts.Total,
                    row.Amounts.Highest,
                    Mean = row.Amounts.Average,
                }),
                Bidders = live.Rankings.Bidders.Select(busy => new { BidderId = busy.Key, busy.Bids }),
                Auctions = live.Rankings.Auctions.Select(row => new { row.AuctionId, row.Item, row.Bids, Highest = row.Winning, BidderId = row.Winner }),
                Sales = view.Sales is null ? null : Write(view.Sales.Figures),
                Amounts = new { live.Rankings.Median, live.Rankings.P90, live.Rankings.P99, Buckets = live.Rankings.Histogram },
            },
            Options);
    }

    private static object Write(SalesSnapshot sales) => new
    {
        sales.Sold,
        sales.Unsold,
        sales.Settled,
        Amount = sales.Total,
        sales.MedianSeconds,
        sales.P99Seconds,
        Items = sales.Items.Select(row => new { row.Item, row.Sold, row.Unsold, row.Settled, Amount = row.Total, row.Mean, row.Highest }),
        Stock = sales.Stock.Select(level => new { level.Item, level.Quantity }),
    };

    private sealed class TwoDecimals : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(decimal.Round(value, 2, MidpointRounding.AwayFromZero) + 0.00m);
    }
}
