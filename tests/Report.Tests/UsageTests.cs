using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

public sealed class UsageTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("There is no report \"dayly\".", "dayly")]
    [InlineData("it must be a time zone", "daily", "--zone", "Mars/Olympus")]
    [InlineData("it must be a day or a time", "daily", "--since", "yesterday")]
    [InlineData("--until must be later than --since", "daily", "--since", "2024-01-08", "--until", "2024-01-08")]
    [InlineData("--from must be a folder of JSON lines, a file", "daily", "--from", "postgre://user:secret@host/database")]
    [InlineData("--buckets does not go with daily.", "daily", "--buckets", "3")]
    [InlineData("--since does not go with sql.", "sql", "select 1", "--since", "2024-01-01")]
    [InlineData("must be a whole number from 1 to 1000", "amounts", "--buckets", "0")]
    [InlineData("--size does not go with rolling.", "rolling", "--size", "2h")]
    [InlineData("--threshold does not go with rolling.", "rolling", "--threshold", "5")]
    [InlineData("--window does not go with daily.", "daily", "--window", "5")]
    [InlineData("must end with .csv, .json, .html or .txt", "daily", "--out", "report.pdf")]
    [InlineData("it must be the name of a file", "daily", "--out", "")]
    [InlineData("--hop must be from", "hot", "--hop", "2h")]
    [InlineData("it must be table, csv, json or html", "daily", "--format", "pdf")]
    [InlineData("sql takes a query in quotes.", "sql")]
    [InlineData("daily takes no argument.", "daily", "art")]
    [InlineData("must end with .parquet, .csv or .jsonl", "export", "bids.xlsx")]
    [InlineData("sales reads the database of Auctioneer: --from must be a .db or .sqlite file", "sales", "--from", "data/bids/")]
    [InlineData("sales reads the database of Auctioneer: --from must be a .db or .sqlite file", "sales", "--from", "bids.csv")]
    [InlineData("stock reads the database of Settlement: --from must be a .db or .sqlite file", "stock", "--from", "bids.parquet")]
    [InlineData("settlements reads the database of Settlement: --from must be a .db or .sqlite file", "settlements", "--from", "bids.duckdb")]
    [InlineData("--size does not go with sales.", "sales", "--size", "2h")]
    [InlineData("--threshold does not go with sales.", "sales", "--threshold", "5")]
    [InlineData("--delimiter does not go with settlements.", "settlements", "--delimiter", "tab")]
    [InlineData("--since does not go with stock.", "stock", "--since", "2024-01-01")]
    [InlineData("--zone does not go with stock.", "stock", "--zone", "UTC")]
    [InlineData("write postgres://user@host/database", "sales", "--from", "postgres://user@host/database?secret=1")]
    [InlineData("write postgres://user@host/database", "daily", "--from", "postgres://user@host/database?secret=1")]
    public async Task A_wrong_command_line_gets_one_sentence_with_what_is_allowed(string sentence, params string[] arguments)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, arguments);

        Assert.Equal(2, code);
        Assert.Single(texts, text => text.Contains(sentence, StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_end_of_the_name_says_the_format_in_capitals_too_and_a_link_stays_a_link()
    {
        await SomeBids.KeepAsync("sqlite", SomeBids.Create(10), _folder);
        await File.WriteAllTextAsync(_folder["target.html"], "old");
        File.CreateSymbolicLink(_folder["link.HTML"], _folder["target.html"]);

        var (code, _) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, "items", "--from", "bids.db", "--out", "link.HTML");

        Assert.Equal(0, code);
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(_folder["target.html"]), StringComparison.Ordinal);
        Assert.NotNull(new FileInfo(_folder["link.HTML"]).LinkTarget);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("html")]
    public async Task A_full_disk_is_an_error_and_no_half_report(string format)
    {
        await SomeBids.KeepAsync("sqlite", SomeBids.Create(10), _folder);

        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, "items", "--from", "bids.db", "--format", format, "--out", "/dev/full");

        Assert.Equal(1, code);
        Assert.Contains(texts, text => text.StartsWith("/dev/full can't be written:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_leaves_nothing_beside_it()
    {
        await SomeBids.KeepAsync("sqlite", SomeBids.Create(10), _folder);
        Directory.CreateDirectory(_folder["report.csv"]);

        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, "items", "--from", "bids.db", "--out", "report.csv");

        Assert.Equal(1, code);
        Assert.Contains(texts, text => text.StartsWith("report.csv can't be written:", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.tmp"));
    }
}
