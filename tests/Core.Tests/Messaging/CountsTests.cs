using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using Xunit;

namespace AuctionTracker.Core.Tests.Messaging;

public sealed class CountsTests
{
    [Fact]
    public void A_count_adds_up_and_shows_its_name()
    {
        var counts = new Counts();
        counts.DeadLettered.Add(2);
        counts.DeadLettered.Add(1_000_000);

        Assert.Equal(1_000_002, counts.DeadLettered.Value);
        Assert.Equal("dead-lettered 1000002", counts.DeadLettered.ToString());
        Assert.Equal("sent 0", counts.Sent.ToString());
    }

    [Fact]
    public void No_count_is_lost_between_threads()
    {
        var counts = new Counts();

        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counts.Received.Add(1);
            }
        });

        Assert.Equal(80_000, counts.Received.Value);
    }

    [Fact]
    public void Every_program_prints_the_counts_that_add_up()
    {
        Assert.Equal("sent 0, confirmed 0, returned 0, failed 0", FinalCounts(ProgramDefinition.OneShotProducer));
        Assert.Equal("sent 0, confirmed 0, returned 0, failed 0", FinalCounts(ProgramDefinition.Producer));
        Assert.Equal("received 0, handled 0, dead-lettered 0, unacked 0", FinalCounts(ProgramDefinition.Consumer));
        Assert.Equal("received 0, handled 0, dead-lettered 0, unacked 0", FinalCounts(ProgramDefinition.WindowConsumer));
    }

    private static string FinalCounts(ProgramDefinition definition) => string.Join(", ", definition.FinalCounts(new Counts()));
}
