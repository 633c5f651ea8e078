using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AuctionTracker.Report.Formats;
using Xunit;

namespace AuctionTracker.Report.Tests;

public sealed class FormatTests
{
    private const string Hostile = "<script>alert(1)</script>\u001b[2J\u202e\"'&,\n=1+1";

    private static readonly TimeZoneInfo Stockholm = TimeZoneInfo.FindSystemTimeZoneById("Europe/Stockholm");
    private static readonly DateTimeOffset Moment = new(2024, 10, 27, 0, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task CSV_has_times_in_the_zone_and_amounts_with_two_decimals()
    {
        var csv = await WriteAsync(new CsvFormat(), Table([Moment, "art", 5L, 1234.50m], [Moment.AddHours(1), null, 0L, 0.01m]));

        Assert.Equal(
            "time,item,bids,total\n2024-10-27T02:30:00.000000+02:00,art,5,1234.50\n2024-10-27T02:30:00.000000+01:00,,0,0.01\n", csv);
    }

    [Fact]
    public async Task CSV_quotes_what_needs_it()
    {
        var csv = await WriteAsync(new CsvFormat(), Table([Moment, Hostile, 1L, 1m]));

        Assert.Contains($",\"{Hostile.Replace("\"", "\"\"", StringComparison.Ordinal)}\",1,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_is_an_array_of_objects_with_numbers_as_numbers()
    {
        var json = await WriteAsync(new JsonFormat(), Table([Moment, Hostile, 5L, 1234.50m], [null, null, 0L, 0m]));

        using var document = JsonDocument.Parse(json);
        Assert.Equal(2, document.RootElement.GetArrayLength());
        var row = document.RootElement[0];
        Assert.Equal(Hostile, row.GetProperty("item").GetString());
        Assert.Equal("1234.50", row.GetProperty("total").GetRawText());
        Assert.Equal("2024-10-27T02:30:00.000000+02:00", row.GetProperty("time").GetString());
        Assert.Equal(JsonValueKind.Null, document.RootElement[1].GetProperty("item").ValueKind);
    }

    [Fact]
    public async Task JSON_keeps_columns_of_the_same_name_apart()
    {
        var table = new ReportTable("", "", ["n", "n"], new[] { (IReadOnlyList<object?>)[1L, 2L] }.ToAsyncEnumerable(), TimeZoneInfo.Utc);

        Assert.Equal("[{\"n\":1,\"n_2\":2}]\n", await WriteAsync(new JsonFormat(), table));
    }

    [Fact]
    public async Task The_table_for_a_terminal_has_numbers_on_the_right_sums_at_the_foot_and_no_control_characters()
    {
        var text = await WriteAsync(new TableFormat(isTerminal: false), Table([Moment, Hostile, 5L, 1234.50m], [Moment, "art", 10L, 2.00m]));

        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        var lines = text.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains(lines, line => line.Contains("   1,234.50   █", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("       2.00", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["all", "15", "1,236.50"]);
        Assert.Contains(lines, line => line.Contains("2024-10-27 02:30 +02:00", StringComparison.Ordinal)); // this hour comes twice
    }

    [Fact]
    public async Task The_page_is_well_formed_loads_nothing_and_hostile_names_stay_text()
    {
        var html = await WriteAsync(new HtmlFormat(), Table([Moment, Hostile, 5L, 1234.50m], [Moment.AddHours(1), "art", 10L, 2m]));

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        var body = html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + 7)];
        var main = XElement.Parse(body.Replace("\u001b", "", StringComparison.Ordinal));
        Assert.Equal(2, main.Descendants("tbody").Elements("tr").Count());
        Assert.Equal(["all", "", "15", "1,236.50"], main.Descendants("tfoot").Descendants("td").Select(cell => cell.Value));
        Assert.Equal(2, main.Descendants("rect").Count());
        Assert.Equal("img", main.Descendants("figure").Elements("div").Single().Attribute("role")!.Value);
    }

    [Fact]
    public async Task The_bars_of_a_picture_are_as_high_as_their_values()
    {
        var html = await WriteAsync(new HtmlFormat(), Table([Moment, "a", 1L, 100m], [Moment.AddHours(1), "a", 1L, 50m], [Moment.AddHours(1), "b", 1L, 25m]));

        var main = XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + 7)]);
        var heights = main.Descendants("rect").Select(rect => decimal.Parse(rect.Attribute("height")!.Value, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal([260m, 130m, 65m], heights);
    }

    [Fact]
    public async Task A_bar_alone_is_no_wall()
    {
        var html = await WriteAsync(new HtmlFormat(), Table([Moment, "a", 1L, 100m]));

        Assert.Contains("<rect x=\"0\" width=\"150\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_table_says_how_many_rows_it_leaves_out_and_adds_up_all()
    {
        var table = Table([.. Enumerable.Range(0, 2_500).Select(i => new object?[] { Moment.AddMinutes(i), "a", 1L, 1m })]);

        var shown = await table.ReadAsync(default);

        Assert.Equal("The first 2,000 of 2,500 rows; --format csv and json have all.", shown.Omission);
        Assert.Equal([null, null, 2_500m, 2_500m], shown.Sums);
    }

    private static ReportTable Table(params object?[][] rows) => new(
        "Title", "Subtitle", ["time", "item", "bids", "total"], rows.Select(row => (IReadOnlyList<object?>)row).ToAsyncEnumerable(), Stockholm)
    {
        Picture = PictureDefinition.Parse("bars of total by time and item"),
        Sums = ["bids", "total"],
    };

    private static async Task<string> WriteAsync(IFormat format, ReportTable table)
    {
        using var output = new MemoryStream();
        await format.WriteAsync(table, output, default);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
