using System.CommandLine;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Tests.Settings;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;
using Xunit;

namespace AuctionTracker.Core.Tests.Hosting;

public sealed class ProgramRunTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Time);
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _lost = new();

    public void Dispose()
    {
        _stop.Dispose();
        _lost.Dispose();
    }

    [Fact]
    public async Task The_first_bid_comes_at_once_and_the_next_after_the_interval()
    {
        var run = await RunAsync(("--interval", "5"));
        await using var bids = run.Bids(_stop.Token, _lost.Token).GetAsyncEnumerator();

        Assert.True(await bids.MoveNextAsync());
        Assert.Equal(Some.Time, bids.Current.Bid!.Timestamp);

        var second = bids.MoveNextAsync().AsTask();
        _clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.False(second.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.True(await second);
        Assert.Equal(Some.Time.AddSeconds(5), bids.Current.Bid!.Timestamp);
    }

    [Fact]
    public async Task Bids_end_at_the_count_without_waiting_once_more()
    {
        var run = await RunAsync(("--interval", "0"), ("--count", "3"));

        Assert.Equal(3, (await TakeAsync(run)).Count);
        Assert.Empty(await TakeAsync(run));
    }

    [Fact]
    public async Task A_second_enumeration_continues_where_the_first_one_stopped()
    {
        var whole = await TakeAsync(await RunAsync(("--interval", "0"), ("--count", "3"), ("--seed", "7")));
        var run = await RunAsync(("--interval", "0"), ("--count", "3"), ("--seed", "7"));

        var first = run.Bids(3).First();
        var rest = await TakeAsync(run);

        Assert.Equal(whole.Select(m => m.Bid), [first.Bid, .. rest.Select(m => m.Bid)]);
    }

    [Fact]
    public async Task A_stop_request_ends_the_wait_for_the_next_bid()
    {
        var run = await RunAsync(("--interval", "5"));
        await using var bids = run.Bids(_stop.Token, _lost.Token).GetAsyncEnumerator();
        await bids.MoveNextAsync();

        var second = bids.MoveNextAsync().AsTask();
        await _stop.CancelAsync();

        Assert.False(await second);
    }

    [Fact]
    public async Task A_lost_connection_ends_the_wait_with_an_exception()
    {
        var run = await RunAsync(("--interval", "5"));
        await using var bids = run.Bids(_stop.Token, _lost.Token).GetAsyncEnumerator();
        await bids.MoveNextAsync();

        var second = bids.MoveNextAsync().AsTask();
        await _lost.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task Quiet_silences_only_the_log_of_single_bids()
    {
        var (loud, quiet) = (await RunAsync(), await RunAsync(("--quiet", "true")));

        Assert.Same(loud.Log, loud.BidLog);
        Assert.Same(Logger.None, quiet.BidLog);
        Assert.NotSame(Logger.None, quiet.Log);
    }

    private async Task<ProgramRun> RunAsync(params (string, string)[] flags) =>
        new("test", ProgramDefinition.Producer, await TestSettings.LoadAsync(flags: flags), new RootCommand().Parse([]), new CapturedLog().Logger, _clock);

    private async Task<List<BidMessage>> TakeAsync(ProgramRun run)
    {
        var messages = new List<BidMessage>();
        await foreach (var message in run.Bids(_stop.Token, _lost.Token))
        {
            messages.Add(message);
        }

        return messages;
    }
}
