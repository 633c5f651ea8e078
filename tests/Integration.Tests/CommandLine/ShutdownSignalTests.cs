using System.Runtime.InteropServices;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.CommandLine;

public sealed class ShutdownSignalTests
{
    [Theory]
    [InlineData(PosixSignal.SIGHUP)]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGQUIT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Each_signal_that_asks_to_stop_ends_a_program_with_its_counts(PosixSignal signal)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, host.Uri, "--monitor", "n", "--interval", "0.05");
        await producer.LineAsync("Sent message to ");

        producer.Send(signal);

        Assert.Equal(0, await producer.EndAsync());
        Assert.Contains("Counts: sent ", await LogAsync(folder, "producer_v3.0"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Consumer.V4", "consumer_v4.0")]
    [InlineData("Demo", "consumer_v4.0")]
    public async Task When_its_terminal_is_closed_a_program_ends_with_its_counts_in_the_log(string name, string log)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PlainClient.SendAsync(host.Uri, "auction_queue_art", Core.Bids.BidJson.Write(Some.Bid()));

        // The kernel signals the shell, which passes the signal on, as interactive shells do, and writes the exit code down.
        var script = await folder.ScriptAsync("run", $"""
            {Terminal.CommandLine(name)} &
            child=$!
            trap 'kill -s HUP $child' HUP
            wait $child || wait $child
            echo $? >code
            """);
        await using var terminal = Terminal.StartScript(script, folder, BrokerAt(host));
        await terminal.SeeAsync("Rolling window for ");

        terminal.HangUp();

        await Eventually.TrueAsync("the shell has the exit code", () => File.Exists(folder["code"]) && new FileInfo(folder["code"]).Length > 0);
        Assert.Equal("0", (await File.ReadAllTextAsync(folder["code"])).Trim());
        Assert.Contains("Counts: received ", await LogAsync(folder, log), StringComparison.Ordinal);
        await Eventually.TrueAsync("no process is left", () => !Processes.Mention(folder.Path));
    }

    [Fact]
    public async Task A_program_that_was_started_with_nohup_outlives_its_terminal()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var script = await folder.ScriptAsync(
            "run", $"nohup {Terminal.CommandLine("Producer.V3", "--monitor", "n", "--interval", "0.05", "--count", "100")}");
        await using var terminal = Terminal.StartScript(script, folder, BrokerAt(host));
        await Eventually.TrueAsync("the producer sends", () => File.Exists(folder["nohup.out"]) && new FileInfo(folder["nohup.out"]).Length > 500);

        terminal.HangUp();

        await Eventually.TrueAsync(
            "the producer has sent all its bids", () => File.ReadAllText(folder["nohup.out"]).Contains("Counts: sent 100,", StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> BrokerAt(VirtualHost host) => new() { ["AUCTION_BROKER"] = host.Uri.ToString() };

    private static Task<string> LogAsync(TempFolder folder, string program) => File.ReadAllTextAsync(folder[$"logs/{program}.log"]);
}
