using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

/// <summary>The last commit and acks of a consumer, where the disk is slow: another process holds the alerts' file.</summary>
public sealed class LastBatchTests : IAsyncLifetime, IDisposable
{
    /// <summary>Longer than a consumer that was asked to stop waits for a commit.</summary>
    private static readonly TimeSpan SlowCommit = TimeSpan.FromSeconds(1);

    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_consumer_that_ends_by_itself_waits_for_its_commit_and_acks_what_it_says_it_handled()
    {
        await using var consumer = await StartAsync("--count", "3");
        await using (await HoldAlertsAsync())
        {
            await BidAsync(3);
            await consumer.LineAsync("High bid alert: 903.00 at ");
            await Task.WhenAny(consumer.EndAsync(), Task.Delay(SlowCommit, TimeProvider.System, CancellationToken.None));
        }

        Assert.Equal(0, await consumer.EndAsync());
        Assert.StartsWith("Counts: received 3, handled 3, dead-lettered 0, unacked 0, waiting before 0, alerts 3, ", consumer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(0u, await PlainClient.CountAsync(_host.Uri, "auction_queue_art"));
    }

    [Fact]
    public async Task After_a_stop_request_it_says_how_many_it_left_unacked_and_they_stay_in_their_queue()
    {
        await using var consumer = await StartAsync();
        await using (await HoldAlertsAsync())
        {
            await BidAsync(3);
            await consumer.LineAsync("High bid alert: 903.00 at ");
            consumer.Interrupt();

            Assert.Equal(0, await consumer.EndAsync());
        }

        Assert.Contains("Left unacked: 3. RabbitMQ delivers them again.", consumer.Texts);
        Assert.StartsWith("Counts: received 3, handled 0, dead-lettered 0, unacked 3, waiting before 0, alerts 0, ", consumer.Texts[^1], StringComparison.Ordinal);
        Assert.Equal(3u, await PlainClient.CountAsync(_host.Uri, "auction_queue_art"));
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

    private async Task BidAsync(int count)
    {
        for (var i = 1; i <= count; i++)
        {
            await PlainClient.PublishAsync(_host.Uri, "auction_queue_art", BidJson.Write(Some.Bid(900 + i, "art")));
        }
    }

    /// <summary>Holds the alerts' file as another process does that writes for long.</summary>
    /// <returns>The connection; disposing it gives the file back.</returns>
    private async Task<SqliteConnection> HoldAlertsAsync()
    {
        var connection = new SqliteConnection($"Data Source={_folder["data/alerts.db"]};Pooling=False");
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
