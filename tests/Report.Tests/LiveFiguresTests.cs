using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live;
using AuctionTracker.Records;
using AuctionTracker.Records.DuckDB;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

/// <summary>Live figures are those of the reports' SQL over the same bids, cell by cell, in whatever order the bids arrive.</summary>
public sealed class LiveFiguresTests : IDisposable
{
    private static readonly DateTimeOffset Arrival = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task Figures_of_shuffled_bids_are_those_of_the_reports(int seed) => CompareAsync(Shuffled(SomeBids.Create(3_000), seed), threshold: 100);

    [Theory]
    [InlineData(20_000)]
    public Task Figures_of_generated_bids_are_those_of_the_reports(int count)
    {
        var generator = new BidGenerator(["art", "electronics", "furniture"], seed: 5, badRate: 0, TimeProvider.System, auctions: 500);
        var bids = Enumerable.Range(0, count).Select(_ => generator.Next()).Select(message => new RecordedBid(message.Id, message.Bid!, Arrival));
        return CompareAsync(Shuffled(bids, 4), threshold: 800);
    }

    [RealBidsFact]
    public async Task Figures_of_the_real_bids_are_those_of_the_reports()
    {
        var (code, texts) = await ProgramUnderTest.RunAsync(
            "Report", _temp, broker: null, "export", "real.jsonl", "--from", RealBidsFactAttribute.File!,
            "--opening", "2024-01-01T00:00:00Z");
        Assert.True(code == 0, string.Join('\n', texts));
        var bids = await new Records.JsonLines.JsonLinesSource(_temp["real.jsonl"], (_, _) => { }).ReadAsync(default).ToListAsync();
        Assert.Equal(10_681, bids.Count);
        await CompareAsync(Shuffled(bids, 3), threshold: 800);
    }

    private static List<RecordedBid> Shuffled(IEnumerable<RecordedBid> bids, int seed)
    {
        var shuffled = bids.ToArray();
        new Random(seed).Shuffle(shuffled);
        return [.. shuffled];
    }

    private static async Task CompareAsync(List<RecordedBid> bids, decimal threshold)
    {
        var figures = new LiveFigures(new LiveOptions(threshold) { RollingSize = 7 });
        bids.ForEach(bid => figures.Add(bid.Bid, bid.MessageId, Arrival));
        var snapshot = figures.SnapshotAt(Arrival, rows: 100_000, charts: 0);
        await using var engine = await DuckDBEngine.LoadAsync("bids", bids.ToAsyncEnumerable(), hasUniqueIds: true, output: null, default);
        var query = new ReportQuery(new ReportFilter(TimeZoneInfo.Utc, null, null, []), threshold) { Window = 7 };

        Assert.True(figures.IsExact);
        Assert.Equal(await RowsAsync("items"), figures.Items().Select(row => Line([row.Item, row.Amounts.Bids, row.Bidders, row.Auctions, .. Figures(row.Amounts)])));
        Assert.Equal(
            await RowsAsync("bidders"),
            figures.Bidders().Select(row => Line([row.BidderId, row.Amounts.Bids, (long)row.Auctions, .. Figures(row.Amounts), (long)row.Won])));
        Assert.Equal(
            await RowsAsync("auctions"),
            figures.Auctions().Select(row => Line([row.AuctionId, row.Item, row.Bids, (long)row.Bidders, row.FirstBid, row.LastBid, row.Opening, row.Winning, row.Winner])));
        Assert.Equal(
            await RowsAsync("winning"),
            figures.Winning().Select(row => Line([row.Item, (long)row.Auctions, row.Average, row.Median, row.Lowest, row.Highest])));
        Assert.Equal(await RowsAsync("amounts"), snapshot.Rankings.Histogram.Select(bucket => Line([bucket.From, bucket.To, bucket.Bids])));
        Assert.Equal(
            (await RowsAsync("rolling")).Select(row => row.Split('|')).GroupBy(row => row[1]).Select(rows => $"{rows.Key}: {rows.Last()[3]}").Order(),
            figures.Items().Select(row => $"{row.Item}: {Cells.Write(row.Mean, TimeZoneInfo.Utc)}").Order());
        await using var percentiles = await engine.QueryUntrustedAsync(
            "select round(percentile_cont(0.5) within group (order by bid_amount), 2), round(percentile_cont(0.9) within group (order by bid_amount), 2), " +
            "round(percentile_cont(0.99) within group (order by bid_amount), 2), sum(bid_amount), count(*) from bids", default);
        var row = await percentiles.ReadAsync().SingleAsync();
        decimal[] live = [snapshot.Rankings.Median, snapshot.Rankings.P90, snapshot.Rankings.P99];
        Assert.All(live.Zip(row), pair => // DuckDB rounds the interpolated amount to four decimals before
            Assert.InRange(pair.First - Convert.ToDecimal(pair.Second, CultureInfo.InvariantCulture), -0.01m, 0.01m));
        Assert.Equal(decimal.Round((decimal)row[3]!, 2, MidpointRounding.AwayFromZero), snapshot.Amounts.Total);
        Assert.Equal(row[4], snapshot.Flow[^1].Total);

        static object[] Figures(AmountFigures amounts) => [amounts.Total, amounts.Average, Cents(amounts.Lowest), Cents(amounts.Highest), amounts.High];

        async Task<List<string>> RowsAsync(string report)
        {
            await using var result = await query.RunAsync(engine, ReportDefinition.Load(report), default);
            return await result.ReadAsync().Select(row => Line(row)).ToListAsync();
        }
    }

    private static decimal Cents(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);

    private static string Line(IEnumerable<object?> row) =>
        string.Join('|', row.Select(value => value is decimal number ? number.ToString("0.00##", CultureInfo.InvariantCulture) : Cells.Write(value, TimeZoneInfo.Utc)));
}
