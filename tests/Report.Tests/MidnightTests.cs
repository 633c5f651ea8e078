using System.Globalization;
using AuctionTracker.Records;
using AuctionTracker.Records.Sqlite;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

public sealed class MidnightTests : IDisposable
{
    private static readonly DateTimeOffset Today = new(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_day_that_is_over_gets_a_report_also_a_quiet_one_and_today_gets_none()
    {
        await KeepAsync(BidsOn(-4, 3), BidsOn(-2, 2), BidsOn(0, 1));

        await WriteAsync();

        Assert.Equal([.. new[] { -4, -3, -2, -1 }.SelectMany(day => new[] { $"{Name(day)}.csv", $"{Name(day)}.html" })], Files());
        Assert.Equal(["3", "0", "2", "0"], new[] { -4, -3, -2, -1 }.Select(day => Figure(day, "bids")));
        Assert.Contains("The 20 busiest bidders", Html(-4), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_written_again_when_bids_arrive_late_and_says_so()
    {
        await KeepAsync(BidsOn(-2, 3), BidsOn(-1, 2));
        await WriteAsync();
        var (first, untouched) = (Html(-2), File.GetLastWriteTimeUtc(PathOf(-1)));
        Assert.DoesNotContain("Written again", first, StringComparison.Ordinal);

        await KeepAsync(BidsOn(-2, 4, "late"));
        var texts = await WriteAsync();

        Assert.Contains(texts, text => text.EndsWith($"{Name(-2)}.html: written again, 7 bids.", StringComparison.Ordinal));
        Assert.Contains("had 3 bids, this one has 7", Html(-2), StringComparison.Ordinal);
        Assert.Equal("7", Figure(-2, "bids"));
        Assert.Contains("class=\"notice\"", Html(-2), StringComparison.Ordinal);
        Assert.Equal(untouched, File.GetLastWriteTimeUtc(PathOf(-1)));

        await KeepAsync(BidsOn(-2, 1, "later"));
        await WriteAsync();
        Assert.Contains("had 3 bids, this one has 8", Html(-2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_day_whose_page_is_missing_is_written_again_with_the_same_bytes()
    {
        await KeepAsync(BidsOn(-1, 5));
        await WriteAsync();
        var before = Html(-1);

        File.Delete(PathOf(-1));
        await WriteAsync();

        Assert.Equal(before, Html(-1));
    }

    [Fact]
    public async Task Two_at_once_write_the_same_bytes_and_leave_no_other_file()
    {
        await KeepAsync(BidsOn(-2, 50), BidsOn(-1, 50));
        await Task.WhenAll(WriteAsync("--out", "one"), WriteAsync("--out", "one"), WriteAsync("--out", "two"));

        var names = Directory.GetFiles(_folder["two"]).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(4, names.Count);
        Assert.Equal(names, Directory.GetFiles(_folder["one"]).Select(Path.GetFileName).Order());
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(_folder[$"two/{name}"]), File.ReadAllBytes(_folder[$"one/{name}"])));
    }

    [Fact]
    public async Task Days_are_those_of_the_zone()
    {
        await KeepAsync([new RecordedBid("evening", Some.Bid(timestamp: Today.AddDays(-3).AddHours(23)), Today)]);

        await WriteAsync("--zone", "Europe/Stockholm");

        Assert.Equal("1", Figure(-2, "bids"));
        Assert.False(File.Exists(PathOf(-3)));
    }

    [Fact]
    public async Task A_bid_of_long_ago_makes_no_report_for_each_day_since()
    {
        await KeepAsync([
            new RecordedBid("first moment", Some.Bid(timestamp: DateTimeOffset.MinValue), Today),
            new RecordedBid("last moment", Some.Bid(timestamp: DateTimeOffset.MaxValue), Today),
            new RecordedBid("old", Some.Bid(timestamp: new(1900, 1, 1, 12, 0, 0, TimeSpan.Zero)), Today),
        ], BidsOn(-1, 1));

        await WriteAsync();

        Assert.Equal(2 * (1 + 31 + 1), Files().Count);
    }

    [Fact]
    public async Task A_first_moment_in_the_middle_of_a_day_means_the_whole_day()
    {
        await KeepAsync([new RecordedBid("early", Some.Bid(timestamp: Today.AddDays(-2).AddHours(3)), Today)], BidsOn(-2, 2));

        await WriteAsync("--since", Today.AddDays(-2).ToString("yyyy-MM-ddT13:00", CultureInfo.InvariantCulture));

        Assert.Equal("3", Figure(-2, "bids"));
    }

    [Fact]
    public async Task It_stays_until_it_is_stopped()
    {
        await KeepAsync(BidsOn(-1, 1));
        await using var report = ProgramUnderTest.Start("Report", _folder, broker: null, "midnight", "--from", "bids.db");
        await report.LineAsync($"{Name(-1)}.html: 1 bid.");

        report.Interrupt();

        Assert.Equal(0, await report.EndAsync());
    }

    private static RecordedBid[] BidsOn(int day, int count, string prefix = "m") =>
    [
        .. Enumerable.Range(0, count).Select(number => new RecordedBid(
            $"{prefix}{day}-{number}", Some.Bid(100 + (number * 100), timestamp: Today.AddDays(day).AddHours(12).AddMinutes(number), auctionId: "a1"), Today)),
    ];

    private static string Name(int day) => Today.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string PathOf(int day) => _folder[$"reports/{Name(day)}.html"];

    private string Html(int day) => File.ReadAllText(PathOf(day));

    private string Figure(int day, string figure) =>
        File.ReadAllLines(_folder[$"reports/{Name(day)}.csv"]).Single(line => line.StartsWith($"day,{Name(day)},{figure},", StringComparison.Ordinal)).Split(',')[3];

    private List<string?> Files() => [.. Directory.GetFiles(_folder["reports"]).Select(Path.GetFileName).Order()];

    private async Task KeepAsync(params IEnumerable<RecordedBid>[] days)
    {
        await using var sink = await SqliteSink.OpenAsync(_folder["bids.db"], default);
        await sink.WriteAsync([.. days.SelectMany(day => day)], default);
    }

    private async Task<IReadOnlyList<string>> WriteAsync(params string[] flags)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync(
            "Report", _folder, broker: null, ["midnight", "--once", "--from", "bids.db", .. flags]);
        Assert.True(code == 0, string.Join('\n', texts));
        return texts;
    }
}
