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
    [InlineData("High Bid Alert: Art - $931.43", "High Bid Alert: Art - $931.43")]
    [InlineData("High Bid Alert: Art - $54321.00", "High Bid Alert: Art - $54,321.00")]
    [InlineData("Auction Alerts: 15 alerts, bids up to $1234567.89", "Auction Alerts: 15 alerts, bids up to $1,234,567.89")]
    [InlineData("Bid Rate Alert: more than 2000 a minute", "Bid Rate Alert: more than 2000 a minute")]
    [InlineData("High Bid Alert: \u202e - $1000.00", "High Bid Alert: \\u202e - $1,000.00")]
    public void The_amount_of_an_alert_is_written_as_elsewhere_on_the_page(string subject, string text) => Assert.Equal(text, Show.Subject(subject));
}
