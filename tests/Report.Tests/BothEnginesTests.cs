using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Queries;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

/// <summary>Every report gives the same cells on DuckDB and on PostgreSQL.</summary>
public sealed class BothEnginesTests(BothEngines engines) : IClassFixture<BothEngines>
{
    public static TheoryData<string, string> Reports
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var report in ReportDefinition.All.Select(r => r.Name).Concat(["midnight/days", "midnight/high"]))
            {
                foreach (var zone in new[] { "UTC", "Europe/Stockholm", "America/St_Johns", "Pacific/Apia" })
                {
                    data.Add(report, zone);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task A_report_has_the_same_cells_on_both_engines(string report, string zone)
    {
        var filter = new ReportFilter(TimeZoneInfo.FindSystemTimeZoneById(zone), null, null, []);
        ReportQuery[] queries =
        [
            new(filter, 800),
            new(filter with { Items = ["art", "<b>&'\""] }, 0) { Window = 7, Buckets = 3, Size = TimeSpan.FromHours(3), Hop = TimeSpan.FromHours(2) },
            new(filter with { Since = SomeBids.ClockChange, Until = SomeBids.ClockChange.AddHours(2) }, null),
            new(filter with { Items = ["no such item"] }, 800),
        ];
        foreach (var (number, query) in queries.Index())
        {
            var expected = await CellsAsync(engines.Postgres, report, query);

            Assert.Equal(expected, await CellsAsync(engines.DuckDB, report, query));
            Assert.Equal(number == 3 || (report == "midnight/high" && query.Threshold is null), expected.Count == 1); // the names of the columns
        }
    }

    private static async Task<List<string>> CellsAsync(IQueryEngine engine, string report, ReportQuery query)
    {
        await using var result = await query.RunAsync(engine, ReportDefinition.Load(report), default);
        var lines = new List<string> { string.Join('|', result.Columns) };
        await foreach (var row in result.ReadAsync())
        {
            lines.Add(string.Join('|', row.Select(value => $"{value?.GetType().Name}:{Cells.Write(value, query.Filter.Zone)}")));
        }

        return lines;
    }
}

/// <summary>The same bids in JSON lines, where each is twice, and in PostgreSQL.</summary>
public sealed class BothEngines : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _temp = new();

    public IQueryEngine DuckDB { get; private set; } = null!;

    public IQueryEngine Postgres { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var bids = SomeBids.Create(3_000);
        DuckDB = await DuckDBEngine.OpenJsonLinesAsync(await SomeBids.KeepAsync("jsonl", bids, _temp), (_, _) => { }, output: null, default);
        Postgres = await PostgresEngine.OpenAsync(PostgresAddress.Parse(await SomeBids.KeepAsync("postgres", bids, _temp)), allowsSuperuser: false, default);
    }

    public async Task DisposeAsync()
    {
        await DuckDB.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    public void Dispose() => _temp.Dispose();
}
