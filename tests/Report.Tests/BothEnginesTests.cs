using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Queries;
using AuctionTracker.Report.Sources;
using AuctionTracker.Sales.State;
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
            var expected = await CellsAsync("postgres", report, query);

            Assert.Equal(expected, await CellsAsync("duckdb", report, query));
            Assert.Equal(number == 3 || (report == "midnight/high" && query.Threshold is null), expected.Count == 1); // the names of the columns
        }
    }

    [Theory]
    [InlineData("auctions", 802)]
    [InlineData("late_bids", 1)]
    [InlineData("sales", 802)]
    [InlineData("stock", 6)]
    [InlineData("stock_changes", null)]
    [InlineData("winner_mails", null)]
    public async Task A_report_can_read_every_column_of_a_programs_tables_and_times_are_exact(string table, int? rows)
    {
        var state = new[] { StateSchema.Auctioneer, StateSchema.Settlement }.Single(schema => schema.Tables.Any(t => t.Name == table));
        var columns = state.Tables.Single(t => t.Name == table).Columns;
        var report = new ReportDefinition("all", "", null, [], $"select * from {table} order by 1, 2") { State = state };
        var query = new ReportQuery(new ReportFilter(TimeZoneInfo.Utc, null, null, []), null);

        var expected = await CellsAsync("postgres", report, query);

        Assert.Equal(expected, await CellsAsync("duckdb", report, query));
        Assert.Equal(string.Join('|', columns.Select(column => column.Name)), expected[0]);
        Assert.InRange(expected.Count - 1, rows ?? 500, rows ?? 3_000);
        if (columns.Any(column => column.Name == "closes"))
        {
            foreach (var auction in SomeSales.Create(800))
            {
                Assert.Single(expected, row => row.Contains($"String:{auction.Id}|", StringComparison.Ordinal) && row.Contains($"|DateTimeOffset:{Cells.Write(auction.Closes, TimeZoneInfo.Utc)}|", StringComparison.Ordinal));
            }
        }
    }

    private Task<List<string>> CellsAsync(string engine, string name, ReportQuery query) => CellsAsync(engine, ReportDefinition.Load(name), query);

    private async Task<List<string>> CellsAsync(string engine, ReportDefinition report, ReportQuery query)
    {
        await using var opened = await engines.OpenAsync(engine, report);
        await using var result = await query.RunAsync(opened, report, default);
        var lines = new List<string> { string.Join('|', result.Columns) };
        await foreach (var row in result.ReadAsync())
        {
            lines.Add(string.Join('|', row.Select(value => $"{value?.GetType().Name}:{Cells.Write(value, query.Filter.Zone)}")));
        }

        return lines;
    }
}

/// <summary>
/// The same bids in JSON lines, where each is twice, and in PostgreSQL; the same auctions and sales in SQLite, which DuckDB reads, and in PostgreSQL.
/// </summary>
public sealed class BothEngines : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Dictionary<string, string> _bids = [];
    private readonly Dictionary<string, string> _states = [];

    /// <summary>Opens what a report is made from.</summary>
    internal async Task<IQueryEngine> OpenAsync(string engine, ReportDefinition report)
    {
        if (report.State is { } state)
        {
            return await new ProgramState(state, SourceAddress.Parse(_states[engine + state.Name])!, report.Tables).OpenAsync(default);
        }

        return engine == "postgres"
            ? await PostgresEngine.OpenAsync(PostgresAddress.Parse(_bids[engine]), allowsSuperuser: false, default)
            : await DuckDBEngine.OpenJsonLinesAsync(_bids[engine], (_, _) => { }, output: null, default);
    }

    public async Task InitializeAsync()
    {
        var bids = SomeBids.Create(3_000);
        _bids["duckdb"] = await SomeBids.KeepAsync("jsonl", bids, _temp);
        _bids["postgres"] = await SomeBids.KeepAsync("postgres", bids, _temp);
        foreach (var schema in (StateSchema[])[StateSchema.Auctioneer, StateSchema.Settlement])
        {
            _states[$"duckdb{schema.Name}"] = _temp[$"{schema.Name}.db"];
            _states[$"postgres{schema.Name}"] = _bids["postgres"]; // one database for all
        }

        foreach (var engine in _bids.Keys)
        {
            await SomeSales.CloseAsync(_states[engine + StateSchema.Auctioneer.Name], SomeSales.Create(800));
            await SomeSales.SettleAsync(_states[engine + StateSchema.Settlement.Name], SomeSales.Create(800));
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _temp.Dispose();
}
