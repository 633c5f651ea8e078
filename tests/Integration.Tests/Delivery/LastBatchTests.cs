using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

/// <summary>A consumer's final commit and acks while another connection locks the alerts database.</summary>
public sealed class LastBatchTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task At_its_count_a_consumer_waits_for_its_commit_and_acks_the_bid_it_handled()
    {
        await using var consumer = await StartAsync("--count", "1");
        await using (await LockAlertsAsync())
        {
            await PublishBidAsync();
            await consumer.LineAsync("High bid alert: 901.00 at ");
            await consumer.LineAsync("No bid is acked until this succeeds.");
        }

        Assert.Equal(0, await consumer.EndAsync());
        Assert.StartsWith("Counts: received 1, handled 1, dead-lettered 0, unacked 0, waiting before 0, alerts 1, ", consumer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(0u, await PlainClient.CountAsync(_host.Uri, "auction_queue_art"));
    }

    [Fact]
    public async Task After_a_stop_request_a_consumer_logs_that_it_left_a_bid_unacked_and_the_bid_stays_queued()
    {
        await using var consumer = await StartAsync();
        await using (await LockAlertsAsync())
        {
            await PublishBidAsync();
            await consumer.LineAsync("High bid alert: 901.00 at ");
            consumer.Interrupt();

            Assert.Equal(0, await consumer.EndAsync());
        }

        Assert.Contains("Deliveries left unacked: 1. RabbitMQ redelivers them.", consumer.Texts);
        Assert.StartsWith("Counts: received 1, handled 0, dead-lettered 0, unacked 1, waiting before 0, alerts 0, ", consumer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(1u, await PlainClient.CountAsync(_host.Uri, "auction_queue_art"));
    }

    private async Task<ProgramUnderTest> StartAsync(params string[] arguments)
    {
        await PlainClient.DeclareAsync(_host.Uri, "auction_queue_art");
        var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, arguments);
        await consumer.LineAsync("Starting consumer. Waiting for messages...");
        await Eventually.TrueAsync("the consumer reads the queue", async () =>
        {
            await using var connection = await Rabbit.ConnectAsync(_host.Uri);
            await using var channel = await connection.CreateChannelAsync();
            return await channel.ConsumerCountAsync("auction_queue_art") == 1;
        });
        return consumer;
    }

    private Task PublishBidAsync() => PlainClient.PublishAsync(_host.Uri, "auction_queue_art", BidJson.Write(Some.Bid(901, "art")));

    /// <summary>Takes the write lock of the alerts database.</summary>
    /// <returns>A connection; disposing it releases the lock.</returns>
    private async Task<SqliteConnection> LockAlertsAsync()
    {
        var connection = new SqliteConnection($"Data Source={_folder["data/alerts.db"]};Pooling=False");
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
