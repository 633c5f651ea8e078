using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.LocalBroker;

public sealed class BrokerKillTests
{
    [Fact]
    public async Task Only_one_that_was_asked_for_as_killable_can_be_killed()
    {
        var broker = await Rabbit.BrokerAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => broker.KillAsync());

        Assert.EndsWith("ask for one with BrokerRequest.Killable.", error.Message, StringComparison.Ordinal);
    }
}
