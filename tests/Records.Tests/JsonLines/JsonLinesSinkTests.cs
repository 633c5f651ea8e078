using AuctionTracker.Core.Bids;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Records.Tests.JsonLines;

public sealed class JsonLinesSinkTests : IDisposable
{
    private const string Today = "2026-11-24.jsonl";

    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_line_is_the_wire_format_with_the_id_and_the_time_of_arrival()
    {
        await using (var sink = await OpenAsync())
        {
            Assert.Equal(1, await sink.WriteAsync([SomeRecord.Bid("m-1")], default));
        }

        Assert.Equal(
            """
            {"bidder_id":"b-1","bid_amount":222.59,"timestamp":"2024-06-12T03:56:06.410536+00:00","item":"electronics","bidder_name":"Ada Byron","bidder_email":"ada@example.com","message_id":"m-1","received_at":"2026-11-24T12:00:00.000000+00:00"}

            """.ReplaceLineEndings("\n"),
            await File.ReadAllTextAsync(_temp[Today]));
    }

    [Fact]
    public async Task A_file_holds_the_bids_that_arrived_on_a_UTC_day()
    {
        await using var sink = await OpenAsync();
        var midnight = SomeRecord.Noon.AddHours(12);

        await sink.WriteAsync(
            [SomeRecord.Bid("1", receivedAt: midnight.AddMicroseconds(-1)), SomeRecord.Bid("2", receivedAt: midnight)], default);
        await sink.WriteAsync([SomeRecord.Bid("3", receivedAt: midnight.AddSeconds(-1))], default);

        Assert.Equal(["2026-11-24.jsonl", "2026-11-25.jsonl"], JsonLinesSink.FilesOf(_temp.Path).Select(Path.GetFileName));
        Assert.Equal(["1", "3"], Ids(Today));
        Assert.Equal(["2"], Ids("2026-11-25.jsonl"));
    }

    [Fact]
    public async Task A_bid_that_comes_again_is_kept_once_also_after_a_restart()
    {
        await using (var sink = await OpenAsync())
        {
            Assert.Equal(2, await sink.WriteAsync([SomeRecord.Bid("1"), SomeRecord.Bid("2"), SomeRecord.Bid("1")], default));
            Assert.Equal(1, await sink.WriteAsync([SomeRecord.Bid("2"), SomeRecord.Bid("3")], default));
        }

        await using var again = await OpenAsync();
        Assert.Equal(1, await again.WriteAsync([SomeRecord.Bid("1"), SomeRecord.Bid("3"), SomeRecord.Bid("4")], default));
        Assert.Equal(["1", "2", "3", "4"], Ids(Today));
    }

    [Fact]
    public async Task The_last_200000_ids_are_remembered_over_a_restart_and_older_ones_are_not()
    {
        const int Remembered = 200_000;
        await using (var sink = await OpenAsync())
        {
            await sink.WriteAsync([SomeRecord.Bid("old", receivedAt: SomeRecord.Noon.AddDays(-1)), SomeRecord.Bid("older", receivedAt: SomeRecord.Noon.AddDays(-2))], default);
            await sink.WriteAsync(SomeRecord.Bids(Remembered - 1), default);
        }

        await using var again = await OpenAsync();
        Assert.Equal(0, await again.WriteAsync([SomeRecord.Bid("old"), SomeRecord.Bid("m-1"), SomeRecord.Bid($"m-{Remembered - 1}")], default));
        Assert.Equal(1, await again.WriteAsync([SomeRecord.Bid("older")], default));
    }

    [Theory]
    [InlineData("{\"bidder_id\":\"b-1\",\"bid_am")]
    [InlineData("{\"bidder_id\":\"b-1\"}")]
    public async Task A_torn_last_line_is_cut_at_the_next_start_in_every_file(string torn)
    {
        await using (var sink = await OpenAsync())
        {
            await sink.WriteAsync([SomeRecord.Bid("1"), SomeRecord.Bid("2", receivedAt: SomeRecord.Noon.AddDays(1))], default);
        }

        await File.AppendAllTextAsync(_temp[Today], torn);
        await File.AppendAllTextAsync(_temp["2026-11-25.jsonl"], torn);

        await using var again = await OpenAsync();
        await again.WriteAsync([SomeRecord.Bid("3")], default);
        Assert.Equal(["1", "3"], Ids(Today));
        Assert.Equal(["2"], Ids("2026-11-25.jsonl"));
    }

    [Fact]
    public async Task A_file_that_holds_nothing_but_a_torn_line_becomes_empty()
    {
        _temp.Write(Today, new string('x', 200_000));

        await using var sink = await OpenAsync();

        Assert.Equal(0, new FileInfo(_temp[Today]).Length);
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_open_is_created_anew()
    {
        await using var sink = await OpenAsync();
        await sink.WriteAsync([SomeRecord.Bid("1")], default);
        File.Delete(_temp[Today]);

        await sink.WriteAsync([SomeRecord.Bid("2")], default);

        Assert.Equal(["2"], Ids(Today));
    }

    [Fact]
    public async Task A_second_writer_of_a_folder_is_refused()
    {
        await using var sink = await OpenAsync();

        var error = await Assert.ThrowsAsync<IOException>(OpenAsync);

        Assert.Equal($"{_temp.Path} is in use: another program writes its record there. End it, or choose another folder.", error.Message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_and_the_bids_are_kept_when_it_can_again()
    {
        await using var sink = await OpenAsync();
        Directory.CreateDirectory(_temp[Today]);

        var error = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync([SomeRecord.Bid("1")], default));
        Assert.StartsWith($"{_temp.Path} can't be written: ", error.Message, StringComparison.Ordinal);

        Directory.Delete(_temp[Today]);
        Assert.Equal(1, await sink.WriteAsync([SomeRecord.Bid("1")], default));
        Assert.Equal(["1"], Ids(Today));
    }

    private Task<JsonLinesSink> OpenAsync() => JsonLinesSink.OpenAsync(_temp.Path, default);

    private IEnumerable<string> Ids(string file) => File.ReadLines(_temp[file]).Select(line =>
    {
        Assert.True(BidLine.TryRead(System.Text.Encoding.UTF8.GetBytes(line), out var bid, out var reason), reason);
        return bid.MessageId;
    });
}
