using System.Collections.Concurrent;
using AuctionTracker.LocalBroker.Discovery;
using Xunit;

namespace AuctionTracker.Integration.Tests.LocalBroker;

public sealed class PortsTests
{
    [Fact]
    public void A_port_is_given_out_once_and_is_none_that_an_outgoing_connection_could_get()
    {
        var ports = new ConcurrentBag<int>();

        Parallel.For(0, 50, _ => Array.ForEach(Ports.Free(4), ports.Add));

        Assert.Equal(200, ports.Distinct().Count());
        Assert.All(ports, port => Assert.InRange(port, 20_000, 31_999));
    }
}
