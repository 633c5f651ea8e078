using System.Security.Cryptography;
using AuctionTracker.Core.Settings;
using AuctionTracker.Report.Sources;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Report.Tests;

/// <summary>The reports over the state of Auctioneer and Settlement.</summary>
public sealed class SaleReportsTests : IDisposable
{
    private static readonly TimeSpan HalfHour = TimeSpan.FromMinutes(30);

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_closes_and_is_settled_in_the_night_of_a_clock_change_counts_on_its_day_once(string kind)
    {
        var (auctions, settlements) = (await AddressAsync(kind, "auctions.db"), await AddressAsync(kind, "settlement.db"));
        List<SomeAuction> all = [];
        foreach (var midnight in (DateTimeOffset[])[new(2024, 3, 29, 23, 0, 0, default), new(2024, 10, 25, 22, 0, 0, default)])
        {
            // One at midnight and each half-hour until the last one before the midnight three days later: 72 hours less or plus one.
            var count = midnight.Month == 3 ? 142 : 146;
            all.AddRange(Enumerable.Range(0, count).Select(i => new SomeAuction($"{midnight.Month}-{i}", "art", 10, null, midnight + (i * HalfHour))));
        }

        await SomeSales.CloseAsync(auctions, all);
        await SomeSales.SettleAsync(settlements, all, _ => TimeSpan.FromHours(2));

        string[] days = ["2024-03-30,48", "2024-03-31,46", "2024-04-01,48", "2024-10-26,48", "2024-10-27,50", "2024-10-28,48"];
        Assert.Equal(days, await DaysAsync("sales", auctions));
        Assert.Equal(days, await DaysAsync("settlements", settlements));
        foreach (var (report, from) in new[] { ("sales", auctions), ("settlements", settlements) })
        {
            Assert.Equal([days[1]], await DaysAsync(report, from, "--since", "2024-03-31", "--until", "2024-04-01"));
            Assert.Equal([days[4]], await DaysAsync(report, from, "--since", "2024-10-27", "--until", "2024-10-28"));
        }

        async Task<List<string>> DaysAsync(string report, string from, params string[] options) =>
        [
            .. (await RowsAsync(report, ["--from", from, "--zone", "Europe/Stockholm", .. options])).Select(row => row.Split(',')).Select(row => $"{row[0]},{row[2]}"),
        ];
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Unsold_auctions_are_in_no_amount_and_a_day_without_a_sale_has_no_average(string kind)
    {
        var auctions = await AddressAsync(kind, "auctions.db");
        var noon = new DateTimeOffset(2024, 6, 12, 12, 0, 0, TimeSpan.Zero);
        await SomeSales.CloseAsync(
            auctions,
            [
                new("a", "art", 10.005m, null, noon), new("b", "art", 20m, 20m, noon), new("c", "art", 99m, 99.01m, noon),
                new("d", "art", 5m, 6m, noon.AddDays(1)), new("e", "ÄRA, <b>", 7m, 6m, noon.AddDays(1)),
            ]);

        Assert.Equal(
            ["2024-06-12,art,2,1,30.01,15.00,20.00", "2024-06-13,art,0,1,0.00,,", "2024-06-13,\"ÄRA, <b>\",1,0,7.00,7.00,7.00"],
            await RowsAsync("sales", ["--from", auctions]));
        Assert.Equal(["2024-06-13,art,0,1,0.00,,"], await RowsAsync("sales", ["--from", auctions, "--since", "2024-06-13", "--item", "vase,art"]));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_median_is_in_the_middle_and_of_a_hundred_waits_one_is_longer_than_p99(string kind)
    {
        var settlements = await AddressAsync(kind, "settlement.db");
        var noon = new DateTimeOffset(2024, 6, 12, 12, 0, 0, TimeSpan.Zero);

        // 0.0015, 1.0015, … 99.0015 s; the next day one wait.
        await SomeSales.SettleAsync(
            settlements,
            [.. Enumerable.Range(0, 100).Select(i => new SomeAuction($"a{i}", "art", 1.005m, null, noon.AddSeconds(i))), new("b", "art", 5m, null, noon.AddDays(1))],
            number => TimeSpan.FromMilliseconds((number * 37 % 100 * 1000) + 1.5));

        Assert.Equal(
            ["2024-06-12,art,100,100.50,49.502,98.002,66", "2024-06-13,art,1,5.00,0.002,0.002,1"],
            await RowsAsync("settlements", ["--from", settlements]));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Stock_adds_up_while_Settlement_writes_and_nothing_is_taken_over(string kind)
    {
        var address = await AddressAsync(kind, "settlement.db");
        await using var database = await StateDatabase.OpenSettlementsAsync(address, default);
        var store = new SettlementStore(database, new StockSettings(20, new Dictionary<string, int>(), 5, 20), refills: true, TimeProvider.System);
        await store.TakeOverAsync(default);
        var reports = 0;
        var sold = new SortedSet<long>();
        using var end = new CancellationTokenSource();
        var settling = Task.Run(async () =>
        {
            for (var number = 0; !end.IsCancellationRequested; number++)
            {
                var sale = new SoldAuction($"{number}", "art", 5, "w", "Ada", "ada@example.com", Some.Time);
                await store.AddAsync([sale], default);
                Assert.True(await store.SettleAsync(sale, default));
            }
        });
        var report = ReportDefinition.Load("stock");
        while (reports < 20 || sold.Count < 5)
        {
            Assert.False(settling.IsFaulted, $"{settling.Exception}");
            await using var engine = await new ProgramState(StateSchema.Settlement, SourceAddress.Parse(address)!, report.Tables).OpenAsync(default);
            await using var result = await new ReportQuery(new ReportFilter(TimeZoneInfo.Utc, null, null, []), null).RunAsync(engine, report, default);
            await foreach (var row in result.ReadAsync())
            {
                Assert.Equal((long)row[1]! + (long)row[2]! - (long)row[3]!, row[4]);
                sold.Add((long)row[3]!);
            }

            reports++;
        }

        await end.CancelAsync();
        await settling;
        Assert.True(await store.SettleAsync(new SoldAuction("0", "art", 5, "w", "Ada", "ada@example.com", Some.Time), default)); // it still owns the state
    }

    [Fact]
    public async Task Reading_leaves_the_files_of_the_databases_as_they_are_and_creates_none()
    {
        await SomeSales.CloseAsync(_folder["auctions.db"], SomeSales.Create(50));
        await SomeSales.SettleAsync(_folder["settlement.db"], SomeSales.Create(50));
        var atRest = await FilesAsync();
        Assert.Equal(["auctions.db", "settlement.db"], atRest.Keys);
        await ReportAllAsync();
        Assert.Equal(atRest, await FilesAsync());

        // A program has them open: the newest rows are in the write-ahead log.
        await using var auctions = await StateDatabase.OpenAuctionsAsync(_folder["auctions.db"], default);
        await using var settlements = await StateDatabase.OpenSettlementsAsync(_folder["settlement.db"], default);
        await settlements.InTransactionAsync(transaction => Sql.ExecuteAsync(transaction, "UPDATE stock SET quantity = 12345", default), default);
        var inUse = await FilesAsync();
        Assert.Contains("settlement.db-wal", inUse.Keys);
        await ReportAllAsync();
        Assert.Equal(inUse, await FilesAsync());
        Assert.All(await RowsAsync("stock", ["--from", "settlement.db"]), row => Assert.EndsWith(",12345", row, StringComparison.Ordinal));

        async Task ReportAllAsync()
        {
            Assert.NotEmpty(await RowsAsync("sales", ["--from", "auctions.db"]));
            Assert.NotEmpty(await RowsAsync("settlements", ["--from", "settlement.db"]));
            Assert.NotEmpty(await RowsAsync("stock", ["--from", "settlement.db"]));
        }

        // The index of the log, -shm, is memory that the programs share: who reads has a mark in it.
        async Task<SortedDictionary<string, string>> FilesAsync()
        {
            var files = new SortedDictionary<string, string>();
            foreach (var file in Directory.GetFiles(_folder.Path).Where(file => Path.GetFileName(file).Contains(".db", StringComparison.Ordinal)))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                files[Path.GetFileName(file)] = file.EndsWith("-shm", StringComparison.Ordinal) ? "" : Convert.ToHexString(await SHA256.HashDataAsync(stream));
            }

            return files;
        }
    }

    [Fact]
    public async Task The_database_is_that_of_the_settings_and_an_item_may_be_written_as_people_or_as_queues_do()
    {
        var noon = new DateTimeOffset(2024, 6, 12, 12, 0, 0, TimeSpan.Zero);
        await SomeSales.CloseAsync(_folder["a.db"], [new("a", "Old Vase", 10, null, noon)]);
        await SomeSales.SettleAsync(_folder["s.db"], [new("a", "Old Vase", 10, null, noon)], _ => default);
        await File.WriteAllTextAsync(_folder[".env.toml"], "[auctioneer]\ndatabase = \"a.db\"\n[settlement]\ndatabase = \"s.db\"\n");

        Assert.Equal(["2024-06-12,Old Vase,1,0,10.00,10.00,10.00"], await RowsAsync("sales", ["--item", "Old Vase"]));
        Assert.Equal(["2024-06-12,Old Vase,1,10.00,0.00,0.00,0"], await RowsAsync("settlements", ["--item", "Old Vase"]));
        Assert.Equal(["old_vase,3,0,1,2"], await RowsAsync("stock", ["--item", "Old Vase"]));
        Assert.Equal(["old_vase,3,0,1,2"], await RowsAsync("stock", ["--item", "old_vase"]));
        Assert.Empty(await RowsAsync("stock", ["--item", "art"]));
    }

    [Theory]
    [InlineData(80, " 2024-06-12 Palm Pilot M515 PDA    2      0 21,234.56 10,617.28 20,000.00")]
    [InlineData(70, "average  10,617.28")]
    public async Task In_a_narrow_terminal_columns_move_together_and_in_a_narrower_one_each_value_has_a_line(int width, string line)
    {
        var noon = new DateTimeOffset(2024, 6, 12, 12, 0, 0, TimeSpan.Zero);
        const string Item = "Palm Pilot M515 PDA";
        await SomeSales.CloseAsync(_folder["a.db"], [new("a", Item, 20_000, null, noon), new("b", Item, 1_234.56m, null, noon)]);

        await using var terminal = Terminal.StartScript(
            $"sh -c 'stty cols {width}; {Terminal.CommandLine("Report", "sales", "--from", "a.db")}'", _folder, new Dictionary<string, string?>());

        Assert.Equal(0, await terminal.EndAsync());
        Assert.Contains(line, System.Text.RegularExpressions.Regex.Replace(terminal.Screen, @"\x1b\[[0-9;?]*[a-zA-Z]", ""), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_database_that_cannot_be_read_gets_a_sentence_that_says_what_to_do(string kind)
    {
        var (auctions, other) = (await AddressAsync(kind, "auctions.db"), await AddressAsync(kind, "other.db"));
        var name = kind == "sqlite" ? "auctions.db" : PostgresAddress.Parse(auctions).Description;
        await SomeSales.CloseAsync(auctions, SomeSales.Create(3));
        await (await StateDatabase.OpenSettlementsAsync(other, default)).DisposeAsync();

        Assert.Contains(
            await RunAsync(1, "stock", "--from", kind == "sqlite" ? "auctions.db" : auctions),
            text => text == $"{name} is not a database of Settlement. Name that one in the settings with [settlement] database, or in Report with --from.");
        Assert.Contains(
            await RunAsync(1, "sales", "--from", kind == "sqlite" ? "other.db" : other),
            text => text.EndsWith(" is not a database of Auctioneer. Name that one in the settings with [auctioneer] database, or in Report with --from.", StringComparison.Ordinal));

        await using var database = await StateDatabase.OpenAuctionsAsync(auctions, default);
        foreach (var (version, sentence) in new[]
        {
            (9, $"{name} was written by a newer Auction Tracker (schema 9; this one supports {StateSchema.Auctioneer.Version}). Read it with that version."),
            (1, $"{name} was written by an older Auction Tracker (schema 1; this one reads {StateSchema.Auctioneer.Version}). Start Auctioneer with it once, which upgrades it."),
        })
        {
            var change = kind == "sqlite" ? $"PRAGMA user_version = {version}" : $"UPDATE schema_versions SET version = {version}";
            await database.InTransactionAsync(transaction => Sql.ExecuteAsync(transaction, change, default), default);

            Assert.Contains(sentence, await RunAsync(1, "sales", "--from", kind == "sqlite" ? "auctions.db" : auctions));
        }
    }

    [Theory]
    [InlineData("sales", "no.db", "There is no no.db. Run Auctioneer first, or name its database with --from.")]
    [InlineData("stock", "no.db", "There is no no.db. Run Settlement first, or name its database with --from.")]
    [InlineData("stock", "text.db", "text.db is not a database of Settlement.")]
    [InlineData("sales", "empty.db", "empty.db is not a database of Auctioneer.")]
    [InlineData("sales", "bids.db", "bids.db is not a database of Auctioneer.")]
    [InlineData("sales", "postgres://nobody@127.0.0.1:1/nothing", "PostgreSQL (nobody@127.0.0.1:1/nothing) can't be read: nothing answers there")]
    public async Task What_is_no_database_of_the_program_gets_a_sentence_and_is_not_created(string report, string from, string sentence)
    {
        await SomeBids.KeepAsync("sqlite", SomeBids.Create(10), _folder);
        await File.WriteAllTextAsync(_folder["text.db"], "This is not a database, but a text that is long enough to be taken for a header of one. It goes on for a while.");
        await File.WriteAllTextAsync(_folder["empty.db"], "");

        Assert.Contains(await RunAsync(1, report, "--from", from), text => text.StartsWith(sentence, StringComparison.Ordinal));
        Assert.False(File.Exists(_folder["no.db"]));
        Assert.Empty(await File.ReadAllBytesAsync(_folder["empty.db"]));
    }

    [Fact]
    public async Task In_PostgreSQL_a_role_that_may_only_read_is_enough_and_one_that_may_not_is_told()
    {
        var owner = new Uri(await AddressAsync("postgres", ""));
        await SomeSales.CloseAsync(owner.ToString(), SomeSales.Create(20));
        var (reader, stranger) = ($"reader_{Guid.NewGuid():n}", $"stranger_{Guid.NewGuid():n}");
        await using (var database = await StateDatabase.OpenAuctionsAsync(owner.ToString(), default))
        {
            await database.InTransactionAsync(transaction => Sql.ExecuteAsync(
                transaction,
                $"CREATE ROLE {reader} LOGIN; CREATE ROLE {stranger} LOGIN; GRANT SELECT ON auctions, schema_versions TO {reader}; GRANT SELECT ON schema_versions TO {stranger}",
                default), default);
        }

        Assert.NotEmpty(await RowsAsync("sales", ["--from", AddressOf(reader)]));
        Assert.Contains(
            await RunAsync(1, "sales", "--from", AddressOf(stranger)),
            text => text.EndsWith(" can't be read: permission denied for table auctions. Give the user the right with GRANT.", StringComparison.Ordinal));

        string AddressOf(string role) => $"postgres://{role}@{owner.Host}:{owner.Port}{owner.AbsolutePath}";
    }

    [Fact]
    public void An_older_schema_is_upgraded_by_its_program() => Assert.Equal(
        "a.db was written by an older Auction Tracker (schema 1; this one reads 2). Start Auctioneer with it once, which upgrades it.",
        Assert.Throws<IOException>(() => (StateSchema.Auctioneer with { Version = 2 }).Require("a.db", 1)).Message);

    private async Task<string> AddressAsync(string kind, string file) => kind == "sqlite" ? _folder[file] : (await PostgresCluster.DatabaseAsync()).ToString();

    private async Task<List<string>> RowsAsync(string report, IEnumerable<string> options)
    {
        await RunAsync(0, [report, .. options, "--out", "report.csv"]);
        return [.. (await File.ReadAllLinesAsync(_folder["report.csv"])).Skip(1)];
    }

    private async Task<IReadOnlyList<string>> RunAsync(int exitCode, params string[] arguments)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync("Report", _folder, broker: null, arguments);
        Assert.True(code == exitCode, string.Join('\n', texts));
        return texts;
    }
}
