using System.Globalization;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Integration.Tests.Sales;

/// <summary>Replay → Auctioneer → Settlement, against a count of the file that shares no code with the suite.</summary>
public sealed class RealBidsSalesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RealBidsFact]
    public async Task Winners_amounts_stock_and_mails_of_the_real_auctions_are_what_Python_counts_in_the_file() =>
        await RunAsync(RealBidsFactAttribute.File!, "--late", "0s");

    [RealBidsFact]
    public async Task Bids_that_come_out_of_order_within_a_minute_change_nothing()
    {
        var shuffled = _folder["shuffled.csv"];
        await PythonAsync("shuffle", RealBidsFactAttribute.File!, shuffled);

        await RunAsync(shuffled, "--late", "1m", "--sort", "off");
    }

    private async Task RunAsync(string file, string late, string lateness, params IEnumerable<string> replay)
    {
        await using var host = await Rabbit.HostAsync();
        await using var auctioneer = ProgramUnderTest.Start("Auctioneer", _folder, host.Uri, "--clock", "bids", late, lateness, "--idle-exit", "3", "--close-rest", "--quiet");
        await using var settlement = ProgramUnderTest.Start("Settlement", _folder, host.Uri, "--idle-exit", "8", "--quiet");
        await Eventually.TrueAsync("both queues are declared", async () =>
            await PlainClient.ExistsAsync(host.Uri, "auction_auctioneer") && await PlainClient.ExistsAsync(host.Uri, "auction_settlement"));

        var (code, texts) = await ProgramUnderTest.RunAsync("Replay", _folder, host.Uri, [file, "--speed", "0", "--quiet", .. replay]);
        Assert.True(code == 0, string.Join('\n', texts));
        Assert.Equal(0, await auctioneer.EndAsync());
        Assert.Equal(0, await settlement.EndAsync());

        Assert.Contains("counted 10681, repeated 0, after closing 0, without end 0, unreadable 0, other end 0, from the future 0, sold 628, unsold 0, announced 628", auctioneer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(
            await PythonAsync("winners", RealBidsFactAttribute.File!),
            await RowsAsync("auctions.db", "SELECT auction_id, bidder_id, highest_amount, bids, bidders FROM auctions ORDER BY auction_id"));
        var sales = await RowsAsync("settlement.db", "SELECT auction_id, winner, winning_amount, bids, bidders FROM sales WHERE settled IS NOT NULL ORDER BY auction_id");
        Assert.Equal(await PythonAsync("winners", RealBidsFactAttribute.File!), sales);
        Assert.Equal(
            ["Cartier wristwatch|136|884.56", "Palm Pilot M515 PDA|343|228.4", "Xbox game console|149|131.41"],
            await RowsAsync("settlement.db", "SELECT item, count(*), round(avg(CAST(winning_amount AS REAL)), 2) FROM sales GROUP BY item ORDER BY item"));
        Assert.Equal(
            ["cartier_wristwatch|136|12|1", "palm_pilot_m515_pda|343|13|1", "xbox_game_console|149|15|1"],
            await RowsAsync(
                "settlement.db",
                """
                SELECT stock.item, -sum(change) FILTER (WHERE cause = 'sold'), quantity, sum(change) = quantity
                FROM stock JOIN stock_changes USING (item) GROUP BY stock.item ORDER BY stock.item
                """));
        Assert.Equal(628, Directory.GetFiles(_folder["outbox/winners"], "*.eml").Length);
    }

    private async Task<List<string>> RowsAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder[$"data/{file}"]};Pooling=false");
        await connection.OpenAsync();
        await using var select = connection.CreateCommand();
        select.CommandText = sql;
        await using var reader = await select.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
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
