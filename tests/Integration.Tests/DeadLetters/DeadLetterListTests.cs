using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Xunit;
using static AuctionTracker.Integration.Tests.DeadLetters.TestDeadLetters;

namespace AuctionTracker.Integration.Tests.DeadLetters;

public sealed class DeadLetterListTests
{
    private const string Hostile = "x\u001b[2Jy\r\n\u202ez";

    [Fact]
    public async Task List_shows_each_dead_letter_with_its_reason_and_leaves_all_in_the_queue()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", "first"u8.ToArray(), age: TimeSpan.FromHours(2.5)), Letter("m-2", "second"u8.ToArray(), "the mail was late"));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "list");

        Assert.Equal(0, exitCode);
        Assert.Single(texts, t => Matches(t, @"1 +m-1 +2h +auction_queue +the mail was refused +5 +1 +first"));
        Assert.Single(texts, t => Matches(t, @"2 +m-2 +\d+s +auction_queue +the mail was late +5 +1 +second"));
        Assert.Equal("Dead letters: 2.", texts[^1]);
        Assert.Equal(["m-1", "m-2"], await DrainIdsAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Theory]
    [InlineData("--queue auction_queue_art", "m-2")]
    [InlineData("--reason LATE", "m-3")]
    [InlineData("--older-than 5m", "m-1 m-2")]
    [InlineData("--newer-than 300s", "m-3 m-4")]
    [InlineData("--older-than 90m --queue auction_queue", "m-1")]
    [InlineData("--limit 3", "m-1 m-2 m-3")]
    [InlineData("--reason nothing", "")]
    public async Task List_shows_the_dead_letters_that_match_the_filters(string filters, string shown)
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(
            host.Uri,
            Letter("m-1", "a"u8.ToArray(), age: TimeSpan.FromHours(2)),
            Letter("m-2", "b"u8.ToArray(), queue: "auction_queue_art", age: TimeSpan.FromHours(1)),
            Letter("m-3", "c"u8.ToArray(), "the mail was late"),
            Letter("m-4", "d"u8.ToArray()));

        var (_, texts) = await RunAsync(host.Uri, folder, ["list", .. filters.Split(' ')]);

        Assert.Equal(shown, string.Join(' ', texts.Select(t => t.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length > 5 && w[1].StartsWith("m-", StringComparison.Ordinal)).Select(w => w[1])));
        Assert.Equal(4u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
    }

    [Fact]
    public async Task List_says_that_there_are_none_even_if_the_queue_is_not_declared()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "list");

        Assert.Equal((0, "Dead letters: 0."), (exitCode, texts[^1]));
    }

    [Fact]
    public async Task Show_prints_all_of_a_dead_letter_and_no_control_character_reaches_the_terminal()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var (properties, body) = Letter("m-1", System.Text.Encoding.UTF8.GetBytes($"line 1\n{Hostile}"), Hostile);
        properties.Headers!["[red]" + Hostile] = new List<object?> { Hostile, 7, new Dictionary<string, object?> { ["deep"] = 1.5 } };
        properties.UserId = "guest";
        await PutAsync(host.Uri, (properties, body));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "show", "m");
        var (_, listed) = await RunAsync(host.Uri, folder, "list");

        Assert.Equal(0, exitCode);
        Assert.Contains("message_id: m-1", texts);
        Assert.Contains("""reason: x\u001b[2Jy\u000d\u000a\u202ez""", texts);
        Assert.Contains("header mine: kept", texts);
        Assert.Contains(texts, t => t.StartsWith("""header [red]x\u001b[2Jy\u000d\u000a\u202ez: ["x\u001b[2Jy""", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["line 1", """x\u001b[2Jy""", """\u202ez"""], texts.SkipWhile(t => t != "line 1").Take(3));
        Assert.All([.. texts, .. listed], t => Assert.DoesNotContain(t, c => c is '\u001b' or '\u202e'));
    }

    [Fact]
    public async Task The_beginning_of_an_id_is_enough_unless_several_ids_begin_with_it()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("abc-1", "a"u8.ToArray()), Letter("abc-2", "b"u8.ToArray()), Letter("abc-22", "c"u8.ToArray()));

        var (unknown, nothing) = await RunAsync(host.Uri, folder, "show", "x");
        var (several, candidates) = await RunAsync(host.Uri, folder, "show", "abc");
        var (whole, shown) = await RunAsync(host.Uri, folder, "show", "abc-2");

        Assert.Equal((1, 1, 0), (unknown, several, whole));
        Assert.Equal("No dead letter's id begins with 'x'. The command list shows them.", nothing[^1]);
        Assert.Equal("'abc' is the beginning of 3 ids: abc-1, abc-2, abc-22. Write more of the id.", candidates[^1]);
        Assert.Equal("message_id: abc-2", Assert.Single(shown, t => t.StartsWith("message_id: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dead_letter_without_an_id_is_identified_by_the_SHA_256_of_its_body()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, (new BasicProperties(), "no bid"u8.ToArray()));

        const string Id = "264b95d8";
        var (_, listed) = await RunAsync(host.Uri, folder, "list");
        var (_, shown) = await RunAsync(host.Uri, folder, "show", Id);

        Assert.Contains(listed, t => t.Contains(Id, StringComparison.Ordinal));
        Assert.Contains(shown, t => t.StartsWith($"message_id: {Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_writes_a_JSON_object_for_each_dead_letter_and_leaves_all_in_the_queue()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, Letter("m-1", BidJson.Write(Some.Bid(bidderName: "Zoë"))), Letter("m-2", [0xff, 0x00], Hostile));

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "export", "letters.jsonl");

        Assert.Equal((0, "Dead letters written to letters.jsonl: 2."), (exitCode, texts[^1]));
        var lines = (await File.ReadAllLinesAsync(folder["letters.jsonl"])).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.Equal(["m-1", "m-2"], lines.Select(l => l.GetProperty("message_id").GetString()));
        Assert.Equal(BidJson.ToText(Some.Bid(bidderName: "Zoë")), lines[0].GetProperty("body").GetString());
        Assert.Equal(("auction_queue", 5, 1), (lines[0].GetProperty("queue").GetString(), lines[0].GetProperty("attempts").GetInt32(), lines[0].GetProperty("deaths").GetInt32()));
        Assert.Equal("kept", lines[0].GetProperty("headers").GetProperty("mine").GetString());
        Assert.Equal(("/wA=", Hostile), (lines[1].GetProperty("body_base64").GetString(), lines[1].GetProperty("reason").GetString()));
        Assert.Equal(2u, await PlainClient.CountAsync(host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_to_standard_output_writes_nothing_else_there()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 100);
        var program = Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{Program}.dll");
        var output = new List<string>();

        await using var process = OwnedProcess.Start(
            "dotnet", [program, "export", "-", "--broker", host.Uri.ToString()], workingFolder: folder.Path, onOutput: output.Add);

        Assert.Equal(0, await process.Exited.WaitAsync(ProgramUnderTest.Patience));
        Assert.Equal(100, output.Count);
        Assert.All(output, line => JsonDocument.Parse(line));
    }

    [Fact]
    public async Task Export_to_a_file_that_cannot_be_written_names_the_file()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await PutAsync(host.Uri, 1);

        var (exitCode, texts) = await RunAsync(host.Uri, folder, "export", "nowhere/letters.jsonl");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("nowhere/letters.jsonl cannot be written: ", texts[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Required argument 'COMMAND' missing for command: ")]
    [InlineData("look", "Argument 'look' not recognized.")]
    [InlineData("list m-1", "list takes no ID.")]
    [InlineData("show", "show takes at least one ID.")]
    [InlineData("edit a b", "edit takes one ID.")]
    [InlineData("export", "export takes one FILE, or -.")]
    [InlineData("replay", "replay takes IDs, --all or a filter.")]
    [InlineData("replay --dry-run", "replay takes IDs, --all or a filter.")]
    [InlineData("replay --all --to auction_dead_letters", "--to is \"auction_dead_letters\": it must be a queue other than the dead letters' own.")]
    [InlineData("purge --dry-run --yes", "--dry-run does not go with purge.")]
    [InlineData("purge", "purge asks before it deletes, and there is no terminal to ask at: add --yes.")]
    [InlineData("list --older-than soon", "--older-than is \"soon\": it must be a whole number up to 65535 with its unit, as in 90s, 5m, 2h or 3d.")]
    [InlineData("list --limit 0", "--limit is \"0\": it must be a whole number above 0.")]
    public async Task A_wrong_command_line_is_exit_code_2(string arguments, string message)
    {
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(Program, folder, null, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, exitCode);
        Assert.StartsWith(message, texts[0], StringComparison.Ordinal);
    }

    private static bool Matches(string text, string pattern) => System.Text.RegularExpressions.Regex.IsMatch(text, pattern);
}
