using System.Text.Json;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>Where the bids come from.</summary>
public sealed class FeedTests : IDisposable
{
    private const string Record = "data/bids.db";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("data/bids/")]
    [InlineData("data/bids.db")]
    [InlineData("postgres")]
    public async Task A_dashboard_that_starts_from_the_record_amid_bids_counts_each_once(string record)
    {
        await using var host = await Rabbit.HostAsync();
        var address = record == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : record;
        await using var recorder = ProgramUnderTest.Start("Recorder", _folder, host.Uri, "--quiet", "--to", address);
        await recorder.LineAsync("Starting recorder.");
        await Eventually.TrueAsync("the recorder's queue is declared", () => PlainClient.ExistsAsync(host.Uri, $"auction_record_{(record.EndsWith('/') ? "jsonl" : record == "postgres" ? record : "sqlite")}"));
        await using var producer = ProgramUnderTest.Start("Producer.V3", _folder, host.Uri, "--interval", "0", "--count", "20000", "--quiet", "--monitor", "n");
        await producer.LineAsync("confirmed so far");

        await using var dashboard = await RunningDashboard.StartAsync(_folder, host.Uri, "--from", address);
        Assert.Equal(0, await producer.EndAsync());

        await Eventually.TrueAsync("each bid counts", async () => await BidsAsync(dashboard) == 20_000);
        await Eventually.TrueAsync("the record is complete", () => dashboard.Program.Texts.Any(text => text.Contains("bids of the record after", StringComparison.Ordinal)));
        Assert.Equal(20_000, await BidsAsync(dashboard));
    }

    [Fact]
    public async Task A_record_that_is_behind_is_waited_for()
    {
        await using var host = await Rabbit.HostAsync();
        await using (await StartRecorderAsync(host))
        {
            await ProduceAsync(host, 100);
            await Eventually.TrueAsync("the recorder has all bids", async () => await PlainClient.CountAsync(host.Uri, "auction_record_sqlite") == 0);
        }

        await ProduceAsync(host, 500); // these wait for a recorder
        await using var dashboard = await RunningDashboard.StartAsync(_folder, host.Uri, "--from", Record);
        await dashboard.IsLiveAsync();
        await ProduceAsync(host, 40);
        await dashboard.Program.LineAsync("The record is behind:");
        Assert.Equal(140, await BidsAsync(dashboard));
        await Eventually.TrueAsync("the page says so", async () => (await dashboard.GetAsync("")).Contains("may be missing until its Recorder has caught up", StringComparison.Ordinal));

        await using var recorder = await StartRecorderAsync(host);

        await dashboard.Program.LineAsync("The record holds all bids from before");
        await Eventually.TrueAsync("all bids count", async () => await BidsAsync(dashboard) == 640);
        await Eventually.TrueAsync("the page says nothing more of it", async () => !(await dashboard.GetAsync("")).Contains("The record is behind", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_connection_leaves_a_gap_that_a_record_closes(bool hasRecord)
    {
        await using var host = await Rabbit.HostAsync();
        await using var proxy = new TcpProxy(host.Uri);
        await using var recorder = await StartRecorderAsync(host);
        await using var dashboard = await RunningDashboard.StartAsync(_folder, proxy.Uri, hasRecord ? ["--from", Record] : []);
        await dashboard.IsLiveAsync();
        await ProduceAsync(host, 30);
        await Eventually.TrueAsync("the first bids count", async () => await BidsAsync(dashboard) == 30);

        proxy.Stall();
        proxy.Cut();
        await ProduceAsync(host, 300);
        proxy.Resume();
        await dashboard.IsLiveAsync();
        await ProduceAsync(host, 20);

        await Eventually.TrueAsync("the bids that it can know count", async () => await BidsAsync(dashboard) == (hasRecord ? 350 : 50));
        await Eventually.TrueAsync("the page names the gap if there is one", async () => (await dashboard.GetAsync("")).Contains("No bids were seen from", StringComparison.Ordinal) != hasRecord);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_ends_the_program_with_a_sentence()
    {
        await using var host = await Rabbit.HostAsync();
        await File.WriteAllTextAsync(_folder["bids.db"], "not a database");

        var (code, texts) = await ProgramUnderTest.RunAsync("Dashboard", _folder, host.Uri, "--port", "0", "--open", "n", "--from", "bids.db");

        Assert.Equal(1, code);
        Assert.Contains(texts, text => text.StartsWith("bids.db can't be read:", StringComparison.Ordinal) && text.EndsWith("Name another record with --from.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_of_a_record_that_does_not_exist_is_named_and_read_once_it_does()
    {
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await RunningDashboard.StartAsync(_folder, host.Uri, "--from", "data/later/");
        await dashboard.IsLiveAsync();
        await Eventually.TrueAsync("it names the folder", () => dashboard.Program.Texts.Any(text => text.StartsWith("There is no folder data/later/ yet", StringComparison.Ordinal)));

        await using var recorder = ProgramUnderTest.Start("Recorder", _folder, host.Uri, "--quiet", "--to", "data/later/");
        await Eventually.TrueAsync("the recorder's queue is declared", () => PlainClient.ExistsAsync(host.Uri, "auction_record_jsonl"));
        await ProduceAsync(host, 50);

        await dashboard.Program.LineAsync("The record holds all bids from before");
        Assert.Equal(50, await BidsAsync(dashboard));
    }

    [Fact]
    public async Task A_dashboard_that_is_too_slow_says_since_when_bids_were_dropped_and_holds_nothing_up()
    {
        await using var host = await Rabbit.HostAsync();
        await host.SetPolicyAsync("^auction_dashboard_", new Dictionary<string, object> { ["max-length"] = 100 }, CancellationToken.None);
        await using var dashboard = await RunningDashboard.StartAsync(_folder, host.Uri);
        await dashboard.IsLiveAsync();
        await SignalAsync("STOP", dashboard.Program.Id); // a closed laptop

        await ProduceAsync(host, 5_000);
        await SignalAsync("CONT", dashboard.Program.Id);

        await Eventually.TrueAsync("it says that bids were dropped", async () =>
        {
            using var stats = JsonDocument.Parse(await dashboard.GetAsync("api/stats"));
            return stats.RootElement.GetProperty("dropped").ValueKind == JsonValueKind.String;
        });
        Assert.Contains("their number is unknown", await dashboard.GetAsync(""), StringComparison.Ordinal);
        Assert.InRange(await BidsAsync(dashboard), 100, 4_999);
    }

    [Fact]
    public async Task What_is_not_a_bid_is_counted_and_its_dead_letter_is_left_to_the_consumers()
    {
        await using var host = await Rabbit.HostAsync();
        await using var dashboard = await RunningDashboard.StartAsync(_folder, host.Uri);
        await dashboard.IsLiveAsync();

        var (code, _) = await ProgramUnderTest.RunAsync("Producer.V3", _folder, host.Uri, "--interval", "0", "--count", "300", "--bad-rate", "0.5", "--seed", "7", "--quiet", "--monitor", "n");
        Assert.Equal(0, code);

        await Eventually.TrueAsync("all are counted", async () =>
        {
            using var stats = JsonDocument.Parse(await dashboard.GetAsync("api/stats"));
            return stats.RootElement.GetProperty("bids").GetInt32() + stats.RootElement.GetProperty("bad").GetInt32() == 300 && stats.RootElement.GetProperty("bad").GetInt32() > 100;
        });
        Assert.Equal(0u, await PlainClient.CountAsync(host.Uri, "auction_dead_letters"));
    }

    private async Task<ProgramUnderTest> StartRecorderAsync(VirtualHost host)
    {
        var recorder = ProgramUnderTest.Start("Recorder", _folder, host.Uri, "--quiet", "--to", Record);
        await recorder.LineAsync("Starting recorder.");
        await Eventually.TrueAsync("the recorder's queue is declared", () => PlainClient.ExistsAsync(host.Uri, "auction_record_sqlite"));
        return recorder;
    }

    private async Task ProduceAsync(VirtualHost host, int count)
    {
        var (code, _) = await ProgramUnderTest.RunAsync("Producer.V3", _folder, host.Uri, "--interval", "0", "--count", $"{count}", "--quiet", "--monitor", "n");
        Assert.Equal(0, code);
    }

    private static async Task SignalAsync(string signal, int process)
    {
        await using var kill = OwnedProcess.Start("kill", [$"-{signal}", $"{process}"]);
        Assert.Equal(0, await kill.Exited.WaitAsync(ProgramUnderTest.Patience));
    }

    private static async Task<int> BidsAsync(RunningDashboard dashboard)
    {
        using var stats = JsonDocument.Parse(await dashboard.GetAsync("api/stats"));
        return stats.RootElement.GetProperty("bids").GetInt32();
    }
}
