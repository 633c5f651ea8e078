using AuctionTracker.Sales.State;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Sales.Tests.State;

public sealed class MessageOutboxTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A program that stands by publishes what it finds, too.</summary>
    [Fact]
    public async Task Of_two_publishers_the_slower_one_deletes_no_message_that_came_after_those_it_read()
    {
        await using var database = await StateDatabase.OpenAuctionsAsync(_folder["auctions.db"], default);
        var outbox = new MessageOutbox("auctioneer");
        await AddAsync("1", "2");
        var read = await outbox.ReadAsync(database, 10, default);
        await outbox.DeleteAsync(database, await outbox.ReadAsync(database, 10, default), default);
        await AddAsync("3"); // the outbox was empty, so its number is that of message 1

        await outbox.DeleteAsync(database, read, default);

        Assert.Equal(["3"], (await outbox.ReadAsync(database, 10, default)).Select(m => m.Message.Id));

        Task AddAsync(params IEnumerable<string> ids) => database.InTransactionAsync(
            async transaction =>
            {
                await outbox.AddAsync(transaction, [.. ids.Select(id => new OutgoingMessage(id, "sold.art", [1]))], default);
                return 0;
            }, default);
    }
}
