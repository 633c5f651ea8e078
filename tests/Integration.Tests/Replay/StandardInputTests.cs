using System.Runtime.InteropServices;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Replay;

public sealed class StandardInputTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("auctions.csv")]
    [InlineData("compressed.csv")]
    public async Task Bids_of_standard_input_are_sent_by_time(string file)
    {
        await using var host = await Rabbit.HostAsync();
        await using var replay = Start(Path.Combine(AppContext.BaseDirectory, "Data", file), host.Uri, "- --speed 0");

        Assert.Equal(0, await replay.Exited.WaitAsync(ProgramUnderTest.Patience));

        Assert.Contains(Lines, line => line.EndsWith("standard input: 8 bids on 2 items, 0 bad rows.", StringComparison.Ordinal));
        Assert.EndsWith("Counts: bad rows 0, sent 8, confirmed 8, returned 0, failed 0", Lines[^1]);
        Assert.Equal(3u, await PlainClient.CountAsync(host.Uri, "auction_queue_gold_watch"));
    }

    [Fact]
    public async Task Without_sorting_and_with_items_a_bid_is_sent_before_the_next_one_comes_and_Ctrl_C_ends_the_wait()
    {
        await using var host = await Rabbit.HostAsync();
        var pipe = _folder["pipe"];
        await using var makePipe = OwnedProcess.Start("mkfifo", [pipe]);
        await makePipe.Exited;
        await using var replay = Start(pipe, host.Uri, "- --sort off --items Vase --quiet");
        await using var bids = new StreamWriter(new FileStream(pipe, FileMode.Open, FileAccess.Write)) { AutoFlush = true };

        await bids.WriteAsync("bidder,bid,bidtime,item\nann,5,2,Vase\n");
        await SaysAsync(" 1 confirmed so far.");
        await bids.WriteAsync("bob,6,1,Vase\nbob,many,1,Vase\n");
        await SaysAsync(" 2 confirmed so far.");
        await SaysAsync("standard input:4: bid_amount is not a number. Not sent.");
        replay.Send(PosixSignal.SIGINT);

        Assert.Equal(0, await replay.Exited.WaitAsync(ProgramUnderTest.Patience));
        Assert.EndsWith("Counts: bad rows 1, sent 2, confirmed 2, returned 0, failed 0", Lines[^1]);
    }

    private IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    private OwnedProcess Start(string input, Uri broker, string arguments)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "AuctionTracker.Replay.dll");
        return OwnedProcess.Start(
            "sh", ["-c", $"exec dotnet {assembly} {arguments} <{input}"],
            new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.ToString() }, _folder.Path, Keep, Keep);

        void Keep(string line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }

    private Task SaysAsync(string text) =>
        Eventually.TrueAsync($"Replay says '{text}'", () => Lines.Any(line => line.EndsWith(text, StringComparison.Ordinal)));
}
