using Xunit;

namespace AuctionTracker.Report.Tests;

public sealed class ReportFilterTests
{
    [Theory]
    [InlineData("UTC", "2024-03-31T00:00:00", "2024-03-31T00:00:00Z")]
    [InlineData("Europe/Stockholm", "2024-01-31T00:00:00", "2024-01-30T23:00:00Z")]
    [InlineData("Europe/Stockholm", "2024-03-31T02:30:00", "2024-03-31T01:00:00Z")] // skipped: the clocks go from 2 to 3
    [InlineData("Europe/Stockholm", "2024-10-27T02:30:00", "2024-10-27T00:30:00Z")] // twice: the first one
    [InlineData("Africa/Cairo", "2024-04-26T00:00:00", "2024-04-25T22:00:00Z")] // midnight is skipped
    [InlineData("America/Havana", "2024-11-03T00:00:00", "2024-11-03T04:00:00Z")] // midnight is twice
    [InlineData("Asia/Kathmandu", "2024-06-01T00:00:00", "2024-05-31T18:15:00Z")]
    public void A_local_time_is_one_moment(string zone, string local, string expected) => Assert.Equal(
        DateTimeOffset.Parse(expected, null),
        new ReportFilter(TimeZoneInfo.FindSystemTimeZoneById(zone), null, null, []).MomentOf(DateTime.Parse(local, null)));
}
