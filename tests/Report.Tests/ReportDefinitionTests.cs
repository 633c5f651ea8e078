using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

public sealed class ReportDefinitionTests(BothEngines engines) : IClassFixture<BothEngines>
{
    public static TheoryData<string, string> Columns => new()
    {
        { "daily", "day, item, bids, bidders, auctions, total, average, lowest, highest, high" },
        { "hourly", "hour, item, bids, bidders, auctions, total, average, lowest, highest, high" },
        { "items", "item, bids, bidders, auctions, total, average, lowest, highest, high" },
        { "bidders", "bidder_id, bids, auctions, total, average, lowest, highest, high, won" },
        { "auctions", "auction_id, item, bids, bidders, first_bid, last_bid, opening_amount, winning_amount, winner" },
        { "winning", "item, auctions, average, median, lowest, highest" },
        { "hot", "opens, closes, auction_id, item, bids" },
        { "rolling", "timestamp, item, bid_amount, mean, size" },
        { "amounts", "from_amount, to_amount, bids" },
        { "rates", "minute, bids, peak_second" },
        { "sales", "day, item, sold, unsold, total, average, highest" },
        { "settlements", "day, item, settled, total, median_seconds, p99_seconds, mails" },
        { "stock", "item, start, refilled, sold, now" },
    };

    [Fact]
    public void A_file_is_a_report() => Assert.Equal(
        RepositoryRoot.Files("src/Report/Reports", "*.sql").Select(Path.GetFileNameWithoutExtension).Order(),
        ReportDefinition.All.Select(report => report.Name));

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task A_report_has_its_columns_and_its_picture_and_sums_are_among_them(string name, string columns)
    {
        var report = ReportDefinition.All.Single(r => r.Name == name);
        await using var engine = await engines.OpenAsync("duckdb", report);
        await using var result = await new ReportQuery(new ReportFilter(TimeZoneInfo.Utc, null, null, []), 800).RunAsync(engine, report, default);

        Assert.Equal(columns, string.Join(", ", result.Columns));
        Assert.NotEmpty(report.Description);
        Assert.NotNull(report.Picture);
        Assert.Empty(new[] { report.Picture.Measure, report.Picture.Position, report.Picture.Series }.OfType<string>().Concat(report.Sums).Except(result.Columns));
    }

    [Fact]
    public void Every_report_is_checked_for_its_columns() =>
        Assert.Equal(ReportDefinition.All.Select(r => r.Name), Columns.Select(row => (string)row[0]).Order());
}
