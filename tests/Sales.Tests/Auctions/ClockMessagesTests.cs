using AuctionTracker.Sales.Auctions;
using AuctionTracker.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Sales.Tests.Auctions;

public sealed class ClockMessagesTests
{
    private readonly FakeTimeProvider _time = new(Some.Time);
    private readonly TestLog _log = new();

    [Fact]
    public void One_message_is_on_its_way_at_a_time_and_says_when_it_was_sent()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        var first = messages.Next()!;
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(messages.Next());
        Assert.Null(messages.Take("another program's"));
        Assert.Equal(Some.Time, messages.Take(first));
        Assert.Null(messages.Take(first)); // delivered again
        Assert.NotEqual(first, messages.Next());
        Assert.True(ClockMessages.IsOne(first));
        Assert.False(ClockMessages.IsOne("0190163d-8694-739b-aea5-966c26f8ad91"));
    }

    [Fact]
    public void A_message_that_does_not_come_back_within_a_minute_is_followed_by_another_and_may_still_come()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        var lost = messages.Next()!;
        _time.Advance(TimeSpan.FromMinutes(1));

        var next = messages.Next();

        Assert.NotNull(next);
        Assert.Equal(Some.Time, messages.Take(lost)); // a long queue
        Assert.Equal(Some.Time.AddMinutes(1), messages.Take(next));
    }

    [Fact]
    public void When_the_queue_is_read_anew_the_next_message_goes_at_once()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        var lost = messages.Next();
        _time.Advance(TimeSpan.FromSeconds(5));

        messages.Restart();
        var next = messages.Next()!;

        Assert.Equal(Some.Time.AddSeconds(5), messages.Take(next));
        Assert.Null(messages.Take(lost!)); // older than one that came back
    }

    [Fact]
    public void A_message_of_before_the_clock_was_set_back_tells_nothing()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        var before = messages.Next()!;

        _time.AdjustTime(Some.Time.AddHours(-1));

        Assert.Null(messages.Take(before));
        Assert.NotNull(messages.Next());
    }

    [Fact]
    public void After_the_clock_was_set_back_the_next_message_goes_at_once_and_it_is_said_once()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        messages.Next();

        _time.AdjustTime(Some.Time.AddHours(-1));
        var next = messages.Next();
        _time.Advance(TimeSpan.FromSeconds(10));
        messages.Take(next!);
        messages.Next();

        Assert.Equal(["This machine's clock was set back by 3600 s. Auctions close when it has caught up."], _log.Texts);
    }

    [Fact]
    public void A_correction_of_less_than_a_second_is_not_said()
    {
        var messages = new ClockMessages(_log.Logger, _time);
        messages.Next();

        _time.AdjustTime(Some.Time.AddSeconds(-0.9));

        Assert.NotNull(messages.Next());
        Assert.Empty(_log.Texts);
    }
}
