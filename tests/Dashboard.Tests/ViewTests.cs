using AuctionTracker.Dashboard.Views;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>Texts of the page.</summary>
public sealed class ViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 7, 26, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("Europe/Stockholm", 60, "Europe/Stockholm", "2026-07-26 14:00:00")]
    [InlineData("Not/Known", 120, "UTC+02:00", "2026-07-26 14:00:00")]
    [InlineData(null, -210, "UTC-03:30", "2026-07-26 08:30:00")]
    [InlineData("Not/Known", 0, "UTC", "2026-07-26 12:00:00")]
    [InlineData(null, 841, "UTC", "2026-07-26 12:00:00")]
    [InlineData(null, int.MinValue, "UTC", "2026-07-26 12:00:00")]
    public void A_zone_that_this_machine_does_not_know_has_the_offset_of_the_browser(string? name, int offset, string zone, string time)
    {
        var clock = ViewerClock.Of(new BrowserZone(name, offset));

        Assert.Equal((zone, time), (clock.Zone, clock.DayAndTime(Noon)));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.25")]
    [InlineData(999_999, "999,999")]
    [InlineData(1_500_000, "1.5M")]
    [InlineData(1_050_000_000_000, "1.05T")]
    public void A_value_of_a_scale_is_short(double value, string text) => Assert.Equal(text, Show.Scale(value));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1.1, 1.2)]
    [InlineData(1_650, 2_000)]
    [InlineData(1_570, 1_600)]
    [InlineData(10_681, 12_000)]
    public void A_scale_ends_little_above_the_highest_value(double highest, double top) => Assert.Equal(top, Plot.Of(0, 1, highest).Top, 9);

    [Theory]
    [InlineData(-1, "over")]
    [InlineData(0, "over")]
    [InlineData(0.2, "in 1 s")]
    [InlineData(200, "in 3 min 20 s")]
    [InlineData(5_399, "in 1 h 29 min")]
    [InlineData(180_007, "in 2 d 2 h")]
    public void What_is_left_until_an_auction_closes_is_said_in_two_units(double seconds, string text) => Assert.Equal(text, Show.Closing(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    [InlineData(36, 40)]
    [InlineData(55, 60)]
    public void A_scale_of_numbers_has_whole_steps(double highest, double top) => Assert.Equal(top, Plot.Of(0, 1, highest, isWhole: true).Top, 9);

    [Fact]
    public void What_is_outside_a_plot_is_drawn_at_its_edge() =>
        Assert.Equal("M0 0L300 120L600 240", new Plot(10, 20, 100).Line([(5, 500), (15, 50), (25, 0)]));

    [Theory]
    [InlineData("High Bid Alert: Art - $931.43", "High Bid Alert: Art - $931.43")]
    [InlineData("High Bid Alert: Art - $54321.00", "High Bid Alert: Art - $54,321.00")]
    [InlineData("Auction Alerts: 15 alerts, bids up to $1234567.89", "Auction Alerts: 15 alerts, bids up to $1,234,567.89")]
    [InlineData("Bid Rate Alert: more than 2000 a minute", "Bid Rate Alert: more than 2000 a minute")]
    [InlineData("High Bid Alert: \u202e - $1000.00", "High Bid Alert: \\u202e - $1,000.00")]
    public void The_amount_of_an_alert_is_written_as_elsewhere_on_the_page(string subject, string text) => Assert.Equal(text, Show.Subject(subject));
}
