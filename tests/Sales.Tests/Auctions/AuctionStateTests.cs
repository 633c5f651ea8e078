using System.Data.Common;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static AuctionTracker.Sales.Tests.SomeAuctions;

namespace AuctionTracker.Sales.Tests.Auctions;

public sealed class AuctionStateTests : IDisposable
{
    private static readonly MessageOutbox Outbox = new("auctioneer");

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _time = new(End.AddSeconds(5));
    private readonly TestLog _log = new();
    private AuctionCounts _counts = new(new Counts.Count("received"));

    public static TheoryData<string> Databases => ["sqlite", "postgres"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task An_auction_closes_once_and_its_message_waits_in_the_outbox(string kind)
    {
        await using var database = await OpenAsync(kind);
        var state = StateOf(database);

        await state.ApplyAsync([Arrival("1", Bid("a", 10, opening: 5)), Arrival("2", Bid("a", 12, bidder: "bob")), Arrival("3", Bid("b", 4, opening: 5))], default);
        await state.ApplyAsync([Clock(End.AddSeconds(1.999))], default);
        Assert.Equal(2, state.Open);
        await state.ApplyAsync([Clock(End.AddSeconds(2))], default);
        await state.ApplyAsync([Clock(End.AddSeconds(3))], default);

        Assert.Equal((0, 1, 1), (state.Open, _counts.Sold.Value, _counts.Unsold.Value));
        var messages = await Outbox.ReadAsync(database, 10, default);
        Assert.Equal(["sold.art", "unsold.art"], messages.Select(m => m.Message.RoutingKey).Order());
        using var sold = JsonDocument.Parse(messages.Single(m => m.Message.RoutingKey == "sold.art").Message.Body);
        Assert.Equal(
            """{"auction_id":"a","item":"art","bids":2,"bidders":2,"opening_amount":5,"highest_amount":12,"winning_amount":12,"winner":"bob","bidder_name":"name of bob","bidder_email":"bob@example.com","closes":"2024-06-12T04:06:06.410536+00:00","closed":"2024-06-12T04:06:11.410536+00:00","prices":[{"time":"2024-06-12T04:05:06.410536+00:00","amount":10},{"time":"2024-06-12T04:05:06.410536+00:00","amount":12}]}""",
            Encoding.UTF8.GetString(messages.Single(m => m.Message.RoutingKey == "sold.art").Message.Body));
        using var unsold = JsonDocument.Parse(messages.Single(m => m.Message.RoutingKey == "unsold.art").Message.Body);
        Assert.Equal(JsonValueKind.Null, unsold.RootElement.GetProperty("winner").ValueKind);
        Assert.Equal(4, unsold.RootElement.GetProperty("highest_amount").GetDecimal());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task After_a_restart_the_open_auctions_are_there_and_what_is_delivered_again_counts_once(string kind)
    {
        await using var database = await OpenAsync(kind);
        Arrival[] first = [Arrival("1", Bid("a", 10)), Arrival("2", Bid("a", 30)), Arrival("3", Bid("b", 7, closes: End.AddHours(1)))];
        await StateOf(database).ApplyAsync([.. first, Clock(End.AddSeconds(2))], default);

        _counts = new AuctionCounts(new Counts.Count("received"));
        var state = StateOf(database);
        await state.ApplyAsync([.. first, Arrival("4", Bid("b", 9, closes: End.AddHours(1)))], default);

        Assert.Equal((4, 1, 3, 0, 1), (_counts.Received.Value, _counts.Counted.Value, _counts.Repeated.Value, _counts.AfterClosing.Value, state.Open));
        await state.CloseRestAsync(default);
        Assert.Equal(
            [("a", 2, 30m), ("b", 2, 9m)],
            (await Outbox.ReadAsync(database, 10, default)).Select(m => JsonDocument.Parse(m.Message.Body).RootElement)
                .Select(m => (m.GetProperty("auction_id").GetString()!, m.GetProperty("bids").GetInt32(), m.GetProperty("winning_amount").GetDecimal())));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_bid_that_comes_after_closing_is_counted_and_kept(string kind)
    {
        await using var database = await OpenAsync(kind);
        var state = StateOf(database);
        await state.ApplyAsync([Arrival("1", Bid("a", 10)), Clock(End.AddSeconds(2))], default);

        Arrival[] late = [Arrival("2", Bid("a", 99)), Arrival("3", Bid("new", 99, before: 0))];
        await state.ApplyAsync(late, default);
        await StateOf(database).ApplyAsync(late, default);

        Assert.Equal(
            [("a", "99"), ("new", "99")],
            await database.InTransactionAsync(
                t => Sql.QueryAsync(t, "SELECT auction_id, amount FROM late_bids ORDER BY message_id", row => (row.GetString(0), row.GetString(1)), default), default));
        Assert.Equal(0, state.Open);
        Assert.Single(await Outbox.ReadAsync(database, 10, default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_late_bid_is_said_once_though_its_commit_fails(bool succeeded)
    {
        await using var database = new UnreliableDatabase(await OpenAsync("sqlite"));
        var state = StateOf(database);
        await state.ApplyAsync([Arrival("1", Bid("a", 10)), Clock(End.AddSeconds(2))], default);

        (database.FailsAt, database.Commits) = (database.Transactions + 2, succeeded); // the first one looks for closed auctions
        await Assert.ThrowsAsync<IOException>(() => state.ApplyAsync([Arrival("2", Bid("a", 99))], default));
        Assert.DoesNotContain(_log.Texts, text => text.StartsWith("Came after closing", StringComparison.Ordinal));
        await state.ApplyAsync([Arrival("2", Bid("a", 99))], default);

        Assert.Single(_log.Texts, text => text.StartsWith("Came after closing: 99.00 at ", StringComparison.Ordinal));
        Assert.Equal((2, 1), (_counts.Received.Value, _counts.AfterClosing.Value));
    }

    [Fact]
    public async Task A_bid_from_the_future_is_said_and_counted_once_though_its_commit_fails()
    {
        await using var database = new UnreliableDatabase(await OpenAsync("sqlite"));
        var state = StateOf(database, ClockKind.Bids);
        Arrival[] batch = [Arrival("1", Bid("a", 10)), Arrival("2", Bid("b", 10, closes: End.AddYears(1)))];

        database.FailsAt = 3; // after taking over, and looking for closed auctions
        await Assert.ThrowsAsync<IOException>(() => state.ApplyAsync(batch, default));
        await state.ApplyAsync(batch, default);

        Assert.Single(_log.Texts, text => text.StartsWith("Bid 2 is of 2025-", StringComparison.Ordinal));
        Assert.Equal((1, 2), (_counts.FromTheFuture.Value, state.Open));
    }

    [Fact]
    public async Task The_bids_of_a_producer_that_is_five_minutes_late_come_after_closing_and_open_nothing()
    {
        await using var database = await OpenAsync("sqlite");
        var state = StateOf(database);
        await state.ApplyAsync([Arrival("1", Bid("a", 10)), Clock(End.AddMinutes(5))], default);

        await state.ApplyAsync([Arrival("2", Bid("a", 99, before: 1)), Arrival("3", Bid("never seen", 99, before: 1)), Clock(End.AddMinutes(6))], default);

        Assert.Equal((1, 2, 0, 1), (_counts.Counted.Value, _counts.AfterClosing.Value, state.Open, _counts.Sold.Value));
        Assert.Equal(10, (await Outbox.ReadAsync(database, 10, default)).Select(m => JsonDocument.Parse(m.Message.Body).RootElement.GetProperty("winning_amount").GetDecimal()).Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task When_the_walls_clock_is_set_back_bids_count_on_and_each_auction_closes_once_when_it_has_caught_up(bool restarts)
    {
        await using var database = await OpenAsync("sqlite");
        var (state, messages) = (StateOf(database), new ClockMessages(_log.Logger, _time));
        await state.ApplyAsync([Arrival("1", Bid("before", 10)), Arrival("2", Bid("after", 20, closes: End.AddMinutes(5)))], default);
        await TickAsync();
        Assert.Equal((1, 1), (_counts.Sold.Value, state.Open));

        _time.AdjustTime(End.AddHours(-1));
        state = restarts ? StateOf(database) : state;
        await state.ApplyAsync([Arrival("3", Bid("after", 30, closes: End.AddMinutes(5))), Arrival("4", Bid("before", 99)), Arrival("1", Bid("before", 10))], default);
        for (var minute = 0; minute < 70; minute++)
        {
            await TickAsync();
            await state.ApplyAsync([Arrival($"minute {minute}", Bid("long", minute + 1, closes: End.AddMinutes(30)))], default);
            Assert.Equal(_time.GetUtcNow() < End.AddMinutes(5).AddSeconds(2) ? 2 : 1, state.Open);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(TimeSpan.FromMinutes(30));
        await TickAsync();

        Assert.Equal((0, 3, 1, 1), (state.Open, _counts.Sold.Value, _counts.AfterClosing.Value, _counts.Repeated.Value));
        Assert.Equal(
            [("before", 1, 10m), ("after", 2, 30m), ("long", 70, 70m)],
            (await Outbox.ReadAsync(database, 10, default)).Select(m => JsonDocument.Parse(m.Message.Body).RootElement)
                .Select(m => (m.GetProperty("auction_id").GetString()!, m.GetProperty("bids").GetInt32(), m.GetProperty("winning_amount").GetDecimal())));
        Assert.Equal(restarts ? 0 : 1, _log.Texts.Count(text => text.StartsWith("This machine's clock was set back by 3605 s.", StringComparison.Ordinal)));

        async Task TickAsync()
        {
            messages = restarts ? new ClockMessages(_log.Logger, _time) : messages;
            var id = messages.Next();
            await state.ApplyAsync([Clock(messages.Take(id!)!.Value)], default);
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_program_that_was_replaced_cannot_commit(string kind)
    {
        await using var database = await OpenAsync(kind);
        var (old, replacement) = (StateOf(database), StateOf(database));
        await old.ApplyAsync([Arrival("1", Bid("a", 10))], default);
        await replacement.ApplyAsync([Clock(End.AddSeconds(2))], default);

        var error = await Assert.ThrowsAsync<IOException>(() => old.ApplyAsync([Clock(End.AddSeconds(2))], default));

        Assert.Equal("Another auctioneer has taken over.", error.Message);
        Assert.Single(await Outbox.ReadAsync(database, 10, default));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_an_error_in_a_commit_nothing_is_lost_or_counted_twice_whether_it_succeeded_or_not(bool succeeded)
    {
        await using var database = new UnreliableDatabase(await OpenAsync("sqlite"));
        var state = StateOf(database);
        await state.ApplyAsync([Arrival("1", Bid("a", 10))], default);
        Arrival[] batch = [Arrival("2", Bid("a", 20)), Arrival("3", Bid("b", 5)), Clock(End.AddSeconds(2))];

        (database.FailsAt, database.Commits) = (database.Transactions + 2, succeeded); // the first one looks for closed auctions
        await Assert.ThrowsAsync<IOException>(() => state.ApplyAsync(batch, default));
        await state.ApplyAsync(batch, default);

        Assert.Equal(
            [("a", 2, "20"), ("b", 1, "5")],
            await database.InTransactionAsync(
                t => Sql.QueryAsync(t, "SELECT auction_id, bids, highest_amount FROM auctions ORDER BY auction_id", row => (row.GetString(0), row.GetInt32(1), row.GetString(2)), default), default));
        Assert.Equal(2, (await Outbox.ReadAsync(database, 10, default)).Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_journal_forgets_closed_auctions_and_keeps_open_ones(string kind)
    {
        await using var database = await OpenAsync(kind);
        var state = StateOf(database, ClockKind.Bids, TimeSpan.Zero);
        var start = Some.Time.AddDays(-3);
        await state.ApplyAsync([Arrival("long", Bid("open for days", 1, before: 200_000, closes: start.AddSeconds(200_001)))], default);
        for (var second = 1; second <= 200; second++)
        {
            // A thousand bids of an auction that takes two seconds.
            await state.ApplyAsync(
                [.. Enumerable.Range(0, 1_000).Select(i => Arrival($"{second}-{i}", Bid($"auction {second}", i + 1, before: 1, closes: start.AddSeconds(second + 1))))],
                default);
        }

        var kept = (await database.InTransactionAsync(t => Sql.QueryAsync(t, "SELECT sum(bids), count(*) FROM auctioneer_journal", row => row.GetInt64(0), default), default))[0];
        Assert.InRange(kept, 50_000, 60_000);
        state = StateOf(database, ClockKind.Bids, TimeSpan.Zero);
        await state.ApplyAsync([Arrival("again", Bid("open for days", 2, before: 100, closes: start.AddSeconds(200_001)))], default);
        Assert.Equal((200, 1), (_counts.Sold.Value, state.Open));
        await state.CloseRestAsync(default);
        Assert.Equal(
            2,
            (await database.InTransactionAsync(t => Sql.QueryAsync(t, "SELECT bids FROM auctions WHERE auction_id = 'open for days'", row => row.GetInt32(0), default), default)).Single());
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Hostile_texts_are_kept(string kind)
    {
        await using var database = await OpenAsync(kind);
        var bid = Bid("a\0'; DROP TABLE auctions; --", 10) with { BidderName = "\0", BidderEmail = "\u202e", Item = "\U0001F99C\0" };

        await StateOf(database).ApplyAsync([Arrival("m\0", bid), Clock(End.AddSeconds(2)), Arrival("n\0", bid)], default);

        Assert.Equal(
            [("a\uFFFD'; DROP TABLE auctions; --", "\uFFFD", "\u202e", "\U0001F99C\uFFFD")],
            await database.InTransactionAsync(
                t => Sql.QueryAsync(
                    t, "SELECT auction_id, bidder_name, bidder_email, item FROM auctions",
                    row => (row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)), default), default));
        Assert.Equal(1, _counts.AfterClosing.Value);
    }

    private static Arrival Arrival(string id, Bid bid) => new(id, bid, default);

    private static Arrival Clock(DateTimeOffset time) => new("", null, time);

    private async Task<IDatabase> OpenAsync(string kind) =>
        await StateDatabase.OpenAuctionsAsync(kind == "postgres" ? (await PostgresCluster.DatabaseAsync()).ToString() : _folder["auctions.db"], default);

    private AuctionState StateOf(IDatabase database, ClockKind clock = ClockKind.Wall, TimeSpan? late = null) =>
        new(database, new AuctioneerSettings("", clock, late ?? TimeSpan.FromSeconds(2)), _counts, _log.Logger, _time);

    /// <summary>A database whose connection is lost in a transaction, before or after its commit.</summary>
    private sealed class UnreliableDatabase(IDatabase database) : IDatabase
    {
        public int Transactions { get; private set; }

        public int FailsAt { get; set; } = int.MaxValue;

        public bool Commits { get; set; }

        public string Name => database.Name;

        public async Task<T> InTransactionAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancel)
        {
            if (++Transactions != FailsAt)
            {
                return await database.InTransactionAsync(work, cancel);
            }

            if (Commits)
            {
                await database.InTransactionAsync(work, cancel);
            }

            throw new IOException("the connection was lost");
        }

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}
