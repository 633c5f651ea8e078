using System.Runtime.Versioning;
using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;
using static AuctionTracker.Integration.Tests.DeadLetters.TestDeadLetters;

namespace AuctionTracker.Integration.Tests.DeadLetters;

[UnsupportedOSPlatform("windows")]
public sealed class DeadLetterChangeTests
{
    private static readonly byte[] NegativeBid = Encoding.UTF8.GetBytes(BidJson.ToText(Some.Bid(-5m)));

    [Fact]
    public async Task Edit_opens_the_body_in_the_editor_and_sends_what_was_saved_under_the_same_id()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", NegativeBid), Letter("m-2", NegativeBid));

        var (exitCode, texts) = await EditAsync(host, folder, "sed -i -e 's/:-5/:5/' -e '$a\\'", "edit", "m-2");

        Assert.True(exitCode == 0, string.Join('\n', texts));
        Assert.Equal("Counts: received 1, sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
        var message = Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue"));
        Assert.Equal(("m-2", BidJson.ToText(Some.Bid(5m))), (message.BasicProperties.MessageId, Encoding.UTF8.GetString(message.Body.Span)));
        Assert.Equal(["m-1"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("sed -i '$a\\'")]
    public async Task Edit_without_a_change_sends_nothing(string editor)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", NegativeBid));

        var (exitCode, texts) = await EditAsync(host, folder, editor, "edit", "m-1");

        Assert.Equal((0, "Nothing was changed, and nothing sent."), (exitCode, texts[^1]));
        Assert.Equal(1u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task A_body_that_is_not_a_valid_bid_is_refused_with_the_reason_unless_it_is_forced()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", NegativeBid));

        var (refused, refusal) = await EditAsync(host, folder, "sed -i s/:-5/:-6/", "edit", "m-1");
        var (forced, _) = await EditAsync(host, folder, "sed -i s/:-5/:-6/", "edit", "m-1", "--force", "--to", "elsewhere");
        var left = await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue);
        var (sent, _) = await EditAsync(host, folder, "sed -i s/:-5/:-6/", "edit", "m-1", "--force");

        Assert.Equal((1, 1, 0), (refused, forced, sent));
        Assert.StartsWith("This is not a valid bid: bid_amount is not above zero. Nothing was sent. Your text is in ", refusal[^1], StringComparison.Ordinal);
        Assert.Equal(1u, left);
        Assert.Contains("-6", Encoding.UTF8.GetString(Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue")).Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Editor_and_temporary_folder_may_have_blanks_in_their_paths()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", NegativeBid));
        var editor = await folder.ScriptAsync("my editor", "sed -i s/:-5/:5/ \"$1\"");
        Directory.CreateDirectory(folder["my files"]);

        await using var program = ProgramUnderTest.Start(
            Program, folder, host.Uri, new Dictionary<string, string?> { ["VISUAL"] = editor, ["TMPDIR"] = folder["my files"] }, "edit", "m-1");

        Assert.Equal(0, await program.EndAsync());
        Assert.Equal(BidJson.Write(Some.Bid(5m)), Assert.Single(await PlainClient.DrainAsync(host.Uri, "auction_queue")).Body.ToArray());
        Assert.Empty(Directory.GetDirectories(folder["my files"], "auction-letter-*"));
    }

    [Fact]
    public async Task An_editor_that_fails_is_named_and_nothing_is_sent()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", NegativeBid));

        var (exitCode, texts) = await EditAsync(host, folder, "no-such-editor", "edit", "m-1");

        Assert.Equal(1, exitCode);
        Assert.Contains("The editor 'no-such-editor' ended with 127. Nothing was sent. Name another one in VISUAL or EDITOR.", texts);
    }

    [Fact]
    public async Task Purge_with_yes_deletes_the_dead_letters_that_match()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", "a"u8.ToArray()), Letter("m-2", "b"u8.ToArray(), "too late"), Letter("m-3", "c"u8.ToArray()), Letter("m-4", "d"u8.ToArray()));

        var (filtered, texts) = await RunAsync(host.Uri, folder, "purge", "--yes", "--reason", "late");
        var (named, _) = await RunAsync(host.Uri, folder, "purge", "--yes", "m-4");

        Assert.Equal((0, 0, "Dead letters deleted: 1."), (filtered, named, texts[^1]));
        Assert.Equal(["m-1", "m-3"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Theory]
    [InlineData("2", "Dead letters deleted: 2.", 0u)]
    [InlineData("y", "That is another number. Nothing was deleted.", 2u)]
    public async Task At_a_terminal_purge_asks_for_the_number_of_dead_letters(string answer, string outcome, uint left)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 2);
        var program = Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{Program}.dll");
        var text = new StringBuilder();

        await using var process = OwnedProcess.Start(
            "sh", ["-c", $"echo {answer} | script -qec 'dotnet {program} purge' /dev/null"],
            new Dictionary<string, string?> { ["AUCTION_BROKER"] = host.Uri.ToString() }, folder.Path, line => text.AppendLine(line));
        await process.Exited.WaitAsync(ProgramUnderTest.Patience);

        Assert.Contains("Dead letters to be deleted: 2.", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("Type the number to delete them: ", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(outcome, text.ToString(), StringComparison.Ordinal);
        Assert.Equal(left, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    private static async Task<(int ExitCode, IReadOnlyList<string> Texts)> EditAsync(VirtualHost host, TempFolder folder, string editor, params string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["VISUAL"] = null, ["EDITOR"] = editor };
        await using var program = ProgramUnderTest.Start(Program, folder, host.Uri, environment, arguments);
        return (await program.EndAsync(), program.Texts);
    }
}
