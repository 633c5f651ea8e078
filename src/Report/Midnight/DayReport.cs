using System.Globalization;
using AuctionTracker.Records.Queries;
using AuctionTracker.Report.Formats;
using CsvHelper;

namespace AuctionTracker.Report.Midnight;

/// <summary>
/// The report of one day, as a page and as CSV. Two programs that write the same day write the same bytes: nothing in it depends on when it
/// is written.
/// </summary>
internal sealed class DayReport
{
    private const int TopBidders = 20;

    private static readonly ReportDefinition High = ReportDefinition.Load("midnight/high");

    private readonly DayFigures _day;
    private readonly long _firstBids;
    private readonly string _about;
    private readonly List<Section> _sections = [];

    private DayReport(DayFigures day, long firstBids, string about) =>
        (_day, _firstBids, _about) = (day, firstBids, about);

    /// <summary>Reads what the report shows.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="query">The zone and the threshold.</param>
    /// <param name="record">The name of the record.</param>
    /// <param name="day">The figures of the day.</param>
    /// <param name="firstBids">The number of bids in the day's first report.</param>
    /// <param name="stop">Cancels reading.</param>
    public static async Task<DayReport> ReadAsync(
        IQueryEngine engine, ReportQuery query, string record, DayFigures day, long firstBids, CancellationToken stop)
    {
        var report = new DayReport(day, firstBids, $"{record} · times in {query.Filter.Zone.Id}");
        var items = await ReadAsync("item", Named("items"), day.Day);
        report._sections.Add(items with { Heading = "Items" });
        report._sections.Add(Compare(items, await ReadAsync("item", Named("items"), day.Day.AddDays(-1))));
        var bidders = await ReadAsync("bidder", Named("bidders"), day.Day);
        report._sections.Add(bidders with { Heading = $"The {TopBidders} busiest bidders", Rows = [.. bidders.Rows.Take(TopBidders)], Sums = [] });
        report._sections.Add((await ReadAsync("high", High, day.Day)) with { Heading = "High bids", HasNames = false });
        report._sections.Add((await ReadAsync("auction", Named("auctions"), day.Day)) with { Heading = "Auctions, by the bids of this day" });
        return report;

        static ReportDefinition Named(string name) => ReportDefinition.All.Single(r => r.Name == name);

        async Task<Section> ReadAsync(string name, ReportDefinition definition, DateOnly of)
        {
            var start = query.Filter.MomentOf(of.ToDateTime(TimeOnly.MinValue));
            var end = query.Filter.MomentOf(of.AddDays(1).ToDateTime(TimeOnly.MinValue));
            var dayQuery = query with { Filter = query.Filter with { Since = start, Until = end } };
            await using var result = await dayQuery.RunAsync(engine, definition, stop);
            return new Section(name, "", result.Columns, await result.ReadAsync(stop).ToListAsync(stop), query.Filter.Zone)
            {
                Picture = definition.Picture,
                Sums = definition.Sums,
            };
        }
    }

    public async Task WriteHtmlAsync(Stream output, CancellationToken stop)
    {
        var page = new HtmlPage(string.Create(CultureInfo.InvariantCulture, $"Bids of {_day.Day:yyyy-MM-dd}"));
        page.AddText(_about);
        if (_firstBids != _day.Bids)
        {
            page.AddNotice(string.Create(
                CultureInfo.InvariantCulture,
                $"Written again: the first report of this day had {_firstBids:#,0} bids, this one has {_day.Bids:#,0}. Bids arrived after it was written."));
        }

        page.AddFigures(_day.Figures.Select(figure => (figure.Name, Cells.Show(figure.Value, TimeZoneInfo.Utc))));
        foreach (var section in _sections)
        {
            var table = new ReportTable("", "", section.Columns, section.Rows.ToAsyncEnumerable(), section.Zone) { Picture = section.Picture, Sums = section.Sums };
            page.AddHeading(section.Heading);
            page.AddTable(table, await table.ReadAsync(stop));
        }

        await page.WriteAsync(output, stop);
    }

    /// <summary>A line for each figure: <c>section,name,figure,value</c>.</summary>
    public async Task WriteCsvAsync(Stream output, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        await csv.WriteRecordAsync(["section", "name", "figure", "value"], stop);
        var day = Cells.Write(_day.Day, TimeZoneInfo.Utc);
        foreach (var (name, value) in _day.Figures.Append(("first_bids", _firstBids)))
        {
            await csv.WriteRecordAsync(["day", day, name, Cells.Write(value, TimeZoneInfo.Utc)], stop);
        }

        foreach (var section in _sections)
        {
            foreach (var (number, row) in section.Rows.Index())
            {
                var name = section.HasNames ? Cells.Write(row[0], section.Zone) : (number + 1).ToString(CultureInfo.InvariantCulture);
                foreach (var (column, value) in section.Columns.Zip(row).Skip(section.HasNames ? 1 : 0))
                {
                    await csv.WriteRecordAsync([section.Name, name, column, Cells.Write(value, section.Zone)], stop);
                }
            }
        }
    }

    /// <summary>What changed since the day before, for each item of either.</summary>
    private static Section Compare(Section now, Section before)
    {
        var (bids, total) = (now.Columns.ToList().IndexOf("bids"), now.Columns.ToList().IndexOf("total"));
        var rows = now.Rows.Concat(before.Rows).Select(row => (string)row[0]!).Distinct().Order(StringComparer.Ordinal).Select(item =>
        {
            var (today, yesterday) = (now.Rows.FirstOrDefault(row => item.Equals(row[0])), before.Rows.FirstOrDefault(row => item.Equals(row[0])));
            var (bidsNow, bidsBefore) = ((long?)today?[bids] ?? 0, (long?)yesterday?[bids] ?? 0);
            var (totalNow, totalBefore) = ((decimal?)today?[total] ?? 0.00m, (decimal?)yesterday?[total] ?? 0.00m);
            return (IReadOnlyList<object?>)[item, bidsNow, bidsBefore, bidsNow - bidsBefore, totalNow, totalBefore, totalNow - totalBefore];
        });
        string[] columns = ["item", "bids", "bids_before", "bids_change", "total", "total_before", "total_change"];
        return new Section("change", "Since the day before", columns, [.. rows], now.Zone) { Sums = columns[1..] };
    }

    /// <summary>A table of the report.</summary>
    /// <param name="Name">What a row of the CSV is called.</param>
    /// <param name="Heading">The heading on the page.</param>
    /// <param name="Columns">The names of the columns.</param>
    /// <param name="Rows">The rows.</param>
    /// <param name="Zone">The time zone.</param>
    private sealed record Section(
        string Name, string Heading, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows, TimeZoneInfo Zone)
    {
        public PictureDefinition? Picture { get; init; }

        public IReadOnlyList<string> Sums { get; init; } = [];

        /// <summary>Whether the first column names a row.</summary>
        public bool HasNames { get; init; } = true;
    }
}
