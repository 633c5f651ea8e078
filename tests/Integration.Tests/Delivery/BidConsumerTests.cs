using System.Text;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using RabbitMQ.Client;
using Serilog.Core;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

/// <summary>Handlers that fail and commits that take time, on a real broker.</summary>
public sealed class BidConsumerTests : IAsyncLifetime
{
    private readonly Counts _counts = new();
    private readonly List<decimal> _handled = [];
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_bid_is_retried_before_the_next_one_after_a_transient_failure()
    {
        var failures = 0;
        await ConsumeAsync(count: 3, bid =>
        {
            if (bid.Amount == 2 && failures++ < 2)
            {
                throw new IOException("the disk is unavailable");
            }
        });

        Assert.Equal([1m, 2m, 2m, 2m, 3m], _handled);
        Assert.Equal((3, 3, 0), (_counts.Received.Value, _counts.Handled.Value, _counts.DeadLettered.Value));
    }

    [Fact]
    public async Task A_bid_is_dead_lettered_after_its_last_attempt_and_the_next_one_is_handled()
    {
        await ConsumeAsync(count: 3, bid =>
        {
            if (bid.Amount == 2)
            {
                throw new TimeoutException("the server does not answer");
            }
        });

        Assert.Equal([1m, 2m, 2m, 2m, 3m], _handled);
        Assert.Equal((3, 2, 1), (_counts.Received.Value, _counts.Handled.Value, _counts.DeadLettered.Value));
        var letter = Assert.Single(await PlainClient.DrainAsync(_host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal("the server does not answer", Text(letter, DeadLetterHeaders.Reason));
        Assert.Equal("TimeoutException", Text(letter, DeadLetterHeaders.Error));
        Assert.Equal(3, letter.BasicProperties.Headers![DeadLetterHeaders.Attempts]);
        Assert.Equal(1, letter.BasicProperties.Headers![DeadLetterHeaders.Deaths]);
        Assert.True(string.CompareOrdinal(Text(letter, DeadLetterHeaders.FirstTime), Text(letter, DeadLetterHeaders.Time)) < 0);
    }

    [Fact]
    public async Task A_bid_is_dead_lettered_at_once_after_a_permanent_failure()
    {
        await ConsumeAsync(count: 3, bid =>
        {
            if (bid.Amount == 2)
            {
                throw new InvalidOperationException("no such thing");
            }
        });

        Assert.Equal([1m, 2m, 3m], _handled);
        var letter = Assert.Single(await PlainClient.DrainAsync(_host.Uri, AuctionTopology.DeadLetterQueue));
        Assert.Equal(1, letter.BasicProperties.Headers![DeadLetterHeaders.Attempts]);
    }

    [Fact]
    public async Task While_a_batch_is_committed_the_next_one_is_handled_and_nothing_is_acked()
    {
        var disk = new TaskCompletionSource();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var consuming = ConsumeAsync(
            count: 4,
            bid =>
            {
                if (bid.Amount == 4)
                {
                    all.SetResult();
                }
            },
            prefetch: 4, _ => new(disk.Task)); // a batch is half a prefetch

        await all.Task.WaitAsync(ProgramUnderTest.Patience);
        Assert.Equal(0, _counts.Handled.Value);
        disk.SetResult();
        await consuming;

        Assert.Equal(4, _counts.Handled.Value);
        Assert.Equal(0u, await PlainClient.CountAsync(_host.Uri, AuctionTopology.SingleQueue));
    }

    [Fact]
    public async Task An_unexpected_error_of_a_commit_ends_the_consumer_though_no_further_bid_comes()
    {
        var consuming = ConsumeAsync(count: 3, _ => { }, prefetch: 4, async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("no such thing");
        }, bids: 2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => consuming.WaitAsync(ProgramUnderTest.Patience));

        // The second bid may arrive before the first one's commit fails, or never.
        Assert.InRange(_counts.Received.Value, 1, 2);
        Assert.Equal((0, _counts.Received.Value), (_counts.Handled.Value, _counts.Unacked.Value));
    }

    private static string Text(BasicGetResult message, string header) => Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![header]!);

    /// <summary>Sends bids of 1, 2, ..., and consumes until a number of them came.</summary>
    private async Task ConsumeAsync(
        int count, Action<Core.Bids.Bid> handle, int prefetch = 10, Func<CancellationToken, ValueTask>? commit = null, int? bids = null)
    {
        var broker = new BrokerSettings([_host.Uri], QuorumQueues: false, TimeSpan.FromSeconds(10), 100, TimeSpan.FromSeconds(30));
        await using var connection = await Rabbit.ConnectAsync(_host.Uri);
        await using (var channel = await connection.CreateChannelAsync())
        {
            await AuctionTopology.DeclareSingleQueueAsync(channel, broker, CancellationToken.None);
        }

        for (var i = 1; i <= (bids ?? count); i++)
        {
            await PlainClient.SendAsync(_host.Uri, AuctionTopology.SingleQueue, Core.Bids.BidJson.Write(Some.Bid(i)));
        }

        var settings = new ConsumerSettings(count, IdleExit: null, prefetch, Window: 5, Attempts: 3);
        var consumer = new BidConsumer(settings, "test", _counts, Logger.None, TimeProvider.System);
        await consumer.ConsumeAsync(
            connection,
            [AuctionTopology.SingleQueue],
            (bid, _, _) =>
            {
                _handled.Add(bid.Amount);
                handle(bid);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None,
            CancellationToken.None,
            commit);
    }
}
