using System.Text.Json;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Record;

public sealed class RealBidsReportTests : IDisposable
{
    private const string Zone = "America/St_Johns"; // half an hour off, so that hours differ from UTC's

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Replay → broker → four sinks → reports, against a count that shares no code with the suite.</summary>
    [RealBidsFact]
    public async Task Every_report_of_the_real_bids_is_what_Python_counts_in_the_file()
    {
        await using var host = await Rabbit.HostAsync();
        string[] sinks = ["data/bids/", "data/bids.db", "data/bids.duckdb", (await PostgresCluster.DatabaseAsync()).ToString()];
        var to = sinks.SelectMany(sink => new[] { "--to", sink }).ToList();
        await using (var recorder = ProgramUnderTest.Start("Recorder", _folder, host.Uri, [.. to, "--count", "10681"]))
        {
            await recorder.LineAsync("Starting recorder.");
            foreach (var name in (string[])["jsonl", "sqlite", "duckdb", "postgres"])
            {
                await Eventually.TrueAsync($"the queue of {name} is declared", () => PlainClient.ExistsAsync(host.Uri, $"auction_record_{name}"));
            }

            await RunAsync("Replay", host.Uri, [RealBidsFactAttribute.File!, "--speed", "0", "--quiet"]);
            Assert.Equal(0, await recorder.EndAsync());
        }

        var equal = await RunAsync("Recorder", host.Uri, [.. to, "--verify"]);
        Assert.Equal(sinks.Length, equal.Count(text => text.EndsWith(": 10,681 bids, 2,217,227.23 in all.", StringComparison.Ordinal)));
        var counted = await CountAsync();
        Assert.Equal(10_681, counted["rolling"].Length);
        foreach (var (report, expected) in counted)
        {
            Assert.Equal(expected, await ReportAsync(report, sinks[0]));
            Assert.Equal(expected, await ReportAsync(report, sinks[3]));
        }

        foreach (var sink in sinks)
        {
            Assert.Equal(counted["rolling"], await ReportAsync("rolling", sink));
        }
    }

    private async Task<Dictionary<string, string[]>> CountAsync()
    {
        var json = new List<string>();
        await using var python = OwnedProcess.Start(
            "python3", [Path.Combine(AppContext.BaseDirectory, "Peers", "report_counts.py"), RealBidsFactAttribute.File!, Zone, _folder["data/bids"]], onOutput: json.Add);
        Assert.Equal(0, await python.Exited.WaitAsync(ProgramUnderTest.Patience));
        return JsonSerializer.Deserialize<Dictionary<string, string[][]>>(string.Concat(json))!
            .ToDictionary(report => report.Key, report => report.Value.Select(row => string.Join('|', row)).ToArray());
    }

    private async Task<string[]> ReportAsync(string report, string from)
    {
        await RunAsync("Report", broker: null, [report, "--from", from, "--zone", Zone, "--out", "report.json"]);
        using var rows = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder["report.json"]));
        return [.. rows.RootElement.EnumerateArray().Select(row => string.Join('|', row.EnumerateObject().Select(cell => cell.Value.ToString())))];
    }

    private async Task<IReadOnlyList<string>> RunAsync(string program, Uri? broker, IEnumerable<string> arguments)
    {
        var (code, texts) = await ProgramUnderTest.RunAsync(program, _folder, broker, arguments);
        Assert.True(code == 0, string.Join('\n', texts));
        return texts;
    }
}
