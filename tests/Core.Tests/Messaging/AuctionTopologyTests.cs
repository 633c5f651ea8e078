using System.Text;
using AuctionTracker.Core.Messaging;
using Xunit;

namespace AuctionTracker.Core.Tests.Messaging;

public sealed class AuctionTopologyTests
{
    [Fact]
    public void Queues_and_exchanges_have_the_names_of_the_contract()
    {
        Assert.Equal("auction_queue", AuctionTopology.SingleQueue);
        Assert.Equal("auction_bids", AuctionTopology.BidsExchange);
        Assert.Equal("auction_queue_default", AuctionTopology.DefaultQueue);
        Assert.Equal("auction_dead_letters", AuctionTopology.DeadLetterQueue);
        Assert.Equal("auction_queue_electronics", AuctionTopology.QueueFor("electronics"));
        Assert.Equal("bid.electronics", AuctionTopology.RoutingKeyFor("electronics"));
    }

    [Theory]
    [InlineData("electronics", "electronics")]
    [InlineData("Palm Pilot M515 PDA", "palm_pilot_m515_pda")]
    [InlineData("Möbel", "m_bel")]
    [InlineData("ÄRZTE & Co.", "_rzte___co_")]
    [InlineData("bid.#.*", "bid____")]
    [InlineData("art\r\n\e", "art___")]
    [InlineData("İstanbul", "_stanbul")]
    [InlineData("🦜", "__")]
    [InlineData("", "")]
    public void A_name_is_lower_case_with_an_underscore_for_any_other_character(string item, string name)
    {
        Assert.Equal(name, AuctionTopology.NameOf(item));
        Assert.Equal($"auction_queue_{name}", AuctionTopology.QueueFor(item));
        Assert.Equal($"bid.{name}", AuctionTopology.RoutingKeyFor(item));
    }

    [Fact]
    public void The_longest_item_fits_into_an_AMQP_name()
    {
        var item = new string('é', 255) + "x";

        Assert.Equal(new string('_', 200), AuctionTopology.NameOf(item));
        Assert.InRange(Encoding.UTF8.GetByteCount(AuctionTopology.QueueFor(item)), 200, 255);
        Assert.Equal(new string('a', 200), AuctionTopology.NameOf(new string('A', 256)));
    }

    [Fact]
    public void An_item_called_default_has_the_default_queue() =>
        Assert.Equal(AuctionTopology.DefaultQueue, AuctionTopology.QueueFor("default"));

    [Fact]
    public void A_consumer_reads_one_queue_per_item_and_the_default_queue() =>
        Assert.Equal(
            ["auction_queue_art", "auction_queue_furniture", "auction_queue_default"],
            AuctionTopology.QueuesFor(["art", "furniture"]));

    [Fact]
    public void Items_that_share_a_queue_are_read_once() =>
        Assert.Equal(["auction_queue_fine_art", "auction_queue_default"], AuctionTopology.QueuesFor(["Fine Art", "fine-art", "default"]));
}
