using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class SaleSettingsTests
{
    [Fact]
    public async Task The_settings_of_sales_are_read()
    {
        var settings = await TestSettings.LoadAsync(
            """
            [auctioneer]
            database = "postgres://ann@db/auction"
            clock = "bids"
            late = "5m"
            [settlement]
            database = "other.db"
            mail_winners = true
            outbox = "winners"
            [stock]
            start = 7
            items = ["Old toys=0", "art=1000000"]
            refill_at = 0
            refill_to = 1
            """);

        Assert.Equal(new AuctioneerSettings("postgres://ann@db/auction", ClockKind.Bids, TimeSpan.FromMinutes(5)), settings.Auctioneer);
        var stock = settings.Settlement.Stock;
        Assert.Equal(new SettlementSettings("other.db", MailsWinners: true, "winners", stock), settings.Settlement);
        Assert.Equal((7, 0, 1), (stock.Start, stock.RefillAt, stock.RefillTo));
        Assert.Equal(new Dictionary<string, int> { ["old_toys"] = 0, ["art"] = 1_000_000 }, stock.StartOfItems);
    }

    [Fact]
    public async Task The_defaults_are_those_of_the_documentation()
    {
        var settings = await TestSettings.LoadAsync();

        Assert.Equal(new AuctioneerSettings("data/auctions.db", ClockKind.Wall, TimeSpan.FromSeconds(2)), settings.Auctioneer);
        Assert.Equal((20, 5, 20), (settings.Settlement.Stock.Start, settings.Settlement.Stock.RefillAt, settings.Settlement.Stock.RefillTo));
        Assert.False(settings.Settlement.MailsWinners);
    }

    [Theory]
    [InlineData("[stock]\nrefill_at = 20", "stock.refill_to is 20 and stock.refill_at is 20: a refill must reach more than stock.refill_at.")]
    [InlineData("[stock]\nitems = \"art=1.5\"", "must be one or more such as art=500, separated by commas, with whole numbers from 0 to 1000000.")]
    [InlineData("[auctioneer]\ndatabase = \"data/bids/\"", "it must be a .db or .sqlite file, or postgres://user@host/database for several machines.")]
    [InlineData("[auctioneer]\nlate = \"2\"", "must be a whole number up to 65535 with its unit, as in 90s, 5m, 2h or 3d, from 0s to 1d.")]
    public async Task What_makes_no_sense_is_refused(string file, string text)
    {
        var error = await Assert.ThrowsAsync<SettingsException>(() => TestSettings.LoadAsync(file));

        Assert.EndsWith(text, error.Message, StringComparison.Ordinal);
    }
}
