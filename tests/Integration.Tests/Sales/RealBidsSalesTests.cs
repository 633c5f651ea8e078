using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AuctionTracker.LocalBroker;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

/// <summary>Replay → Auctioneer → Settlement → Report, against a count of the file that shares no code with the suite.</summary>
public sealed class RealBidsSalesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealBidsFact]
    public async Task Winners_amounts_stock_mails_and_reports_of_the_real_auctions_are_what_Python_counts_in_the_file() =>
        await RunAsync(RealBidsFactAttribute.File!, postgres: null, "--late", "0s");

    [RealBidsFact]
    public async Task Bids_that_come_out_of_order_within_a_minute_change_nothing_and_PostgreSQL_gives_the_same()
    {
        var shuffled = _folder["shuffled.csv"];
        await PythonAsync("shuffle", RealBidsFactAttribute.File!, shuffled);

        await RunAsync(shuffled, (await PostgresCluster.DatabaseAsync()).ToString(), "--late", "1m", "--sort", "off");
    }

    /// <param name="file">The bids.</param>
    /// <param name="postgres">The database of both programs; <see langword="null"/>: their SQLite files.</param>
    /// <param name="late">The option of the time that Auctioneer waits for late bids.</param>
    /// <param name="lateness">Its value.</param>
    /// <param name="replay">More options of Replay.</param>
    private async Task RunAsync(string file, string? postgres, string late, string lateness, params IEnumerable<string> replay)
    {
        string[] database = postgres is null ? [] : ["--database", postgres];
        var (auctions, settlements) = (postgres ?? "auctions.db", postgres ?? "settlement.db");
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, ["--clock", "bids", late, lateness, "--idle-exit", "3", "--close-rest", "--quiet", .. database]);
        await using var settlement = ProgramUnderTest.Start("Settlement", _folder, host.Uri, ["--idle-exit", "8", "--quiet", .. database]);
        await Eventually.TrueAsync("both queues are declared", async () =>
            await PlainClient.ExistsAsync(host.Uri, "auction_auctioneer") && await PlainClient.ExistsAsync(host.Uri, "auction_settlement"));

        var (code, texts) = await ProgramUnderTest.RunAsync("Replay", _folder, host.Uri, [file, "--speed", "0", "--quiet", .. replay]);
        Assert.True(code == 0, string.Join('\n', texts));
        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.Equal(0, await settlement.EndAsync());

        Assert.Contains("counted 10681, repeated 0, after closing 0, without end 0, unreadable 0, other end 0, from the future 0, sold 628, unsold 0, announced 628", auctioneer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(
            await PythonAsync("winners", RealBidsFactAttribute.File!),
            await RowsAsync(auctions, "SELECT auction_id, bidder_id, highest_amount, bids, bidders FROM auctions ORDER BY auction_id"));
        var sales = await RowsAsync(settlements, "SELECT auction_id, winner, winning_amount, bids, bidders FROM sales WHERE settled IS NOT NULL ORDER BY auction_id");
        Assert.Equal(await PythonAsync("winners", RealBidsFactAttribute.File!), sales);
        Assert.Equal(
            ["Cartier wristwatch|136|884.56", "Palm Pilot M515 PDA|343|228.4", "Xbox game console|149|131.41"],
            await RowsAsync(settlements, "SELECT item, count(*), round(avg(CAST(winning_amount AS NUMERIC)), 2) FROM sales GROUP BY item ORDER BY item"));
        Assert.Equal(
            ["cartier_wristwatch|136|12|1", "palm_pilot_m515_pda|343|13|1", "xbox_game_console|149|15|1"],
            await RowsAsync(
                settlements,
                """
                SELECT stock.item, -sum(change) FILTER (WHERE cause = 'sold'), quantity, CASE WHEN sum(change) = quantity THEN 1 ELSE 0 END
                FROM stock JOIN stock_changes USING (item) GROUP BY stock.item, quantity ORDER BY stock.item
                """));
        Assert.Equal(628, Directory.GetFiles(_folder["outbox/winners"], "*.eml").Length);
        await CompareReportsAsync(postgres);
    }

    /// <summary>Python takes amounts and ends from the file of bids, the stock from the settings' defaults, mails from the .eml files, and only the times of settlements from the database.</summary>
    private async Task CompareReportsAsync(string? postgres)
    {
        await File.WriteAllLinesAsync(_folder["times"], await RowsAsync(postgres ?? "settlement.db", "SELECT auction_id, closed, settled FROM sales"));
        string[] from = postgres is null ? [] : ["--from", postgres];
        foreach (var zone in (string[])["America/St_Johns", "Europe/Stockholm"])
        {
            var sales = await PythonAsync("sales", RealBidsFactAttribute.File!, zone);
            Assert.Equal(9, sales.Count); // auctions of 3, 5 and 7 days, of three items
            Assert.Equal(sales, await ReportAsync("sales", [.. from, "--zone", zone]));
            Assert.Equal(
                await PythonAsync("settlements", RealBidsFactAttribute.File!, zone, _folder["times"], _folder["outbox/winners"]),
                await ReportAsync("settlements", [.. from, "--zone", zone]));
        }

        Assert.Equal(await PythonAsync("stock", RealBidsFactAttribute.File!), await ReportAsync("stock", from));
    }

    private async Task<string[]> ReportAsync(string report, IEnumerable<string> options)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, [report, .. options, "--out", "report.json"]);
        Assert.True(code == 0, string.Join('\n', texts));
        using var rows = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["report.json"]));
        return [.. rows.RootElement.EnumerateArray().Select(row => string.Join('|', row.EnumerateObject().Select(cell => cell.Value.ToString())))];
    }

    private async Task<List<string>> RowsAsync(string database, string sql)
    {
        await using DbConnection connection = database.StartsWith("postgres", StringComparison.Ordinal)
            ? new NpgsqlConnection(PostgresAddress.Parse(database).ConnectionString)
            : new SqliteConnection($"Data Source={_folder[$"data/{database}"]};Pooling=false");
        await connection.OpenAsync();
        await using var select = connection.CreateCommand();
        select.CommandText = sql;
        await using var reader = await select.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => string.Create(CultureInfo.InvariantCulture, $"{reader.GetValue(i):0.##}"))));
        }

        return rows;
    }

    private static async Task<List<string>> PythonAsync(params string[] arguments)
    {
        var lines = new List<string>();
        await using var python = OwnedProcess.Start(
            "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "auction_facts.py"), .. arguments], onOutput: lines.Add);
        Assert.Equal(0, await python.Exited.WaitAsync(ProgramUnderTest.Patience));
        return lines;
    }
}
