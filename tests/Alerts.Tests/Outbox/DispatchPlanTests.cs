using AuctionTracker.Alerts.Outbox;
using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Outbox;

public sealed class DispatchPlanTests
{
    private static readonly DateTimeOffset Now = new(2024, 6, 12, 12, 0, 0, TimeSpan.Zero);
    private static readonly DispatchSettings AtOnce = new(GroupBy.Bid, TimeSpan.Zero, TimeSpan.Zero, null, TimeSpan.FromMinutes(10), null);

    [Fact]
    public void Without_pending_groups_only_new_alerts_change_the_plan() =>
        AssertPlan([], [], null, At(Now, AtOnce));

    [Fact]
    public void Each_group_gets_a_mail_oldest_first() =>
        AssertPlan(["a", "b"], [], null, At(Now, AtOnce, Group("b", -1), Group("a", -2)));

    [Fact]
    public void A_group_waits_for_more_before_its_first_mail()
    {
        var settings = AtOnce with { GroupWait = TimeSpan.FromSeconds(30) };

        AssertPlan([], [], Now.AddSeconds(1), At(Now, settings, Group("a", -29)));
        AssertPlan(["a"], [], null, At(Now, settings, Group("a", -30)));
    }

    [Fact]
    public void A_groups_next_mail_waits_for_the_repeat_interval()
    {
        var settings = AtOnce with { RepeatInterval = TimeSpan.FromSeconds(60) };

        AssertPlan([], [], Now.AddSeconds(10), At(Now, settings, Group("a", -5, lastMail: -50)));
        AssertPlan(["a"], [], null, At(Now, settings, Group("a", -5, lastMail: -60)));
    }

    [Fact]
    public void Groups_beyond_the_hourly_limit_wait_for_the_hour_or_the_digest_whichever_is_first()
    {
        var settings = AtOnce with { MailsPerHour = 2 };

        AssertPlan(["a"], [], Now.AddMinutes(9), At(Now, settings, [-600], Group("a", -120), Group("b", -60), Group("c", -1)));
        AssertPlan([], [], Now.AddSeconds(5), At(Now, settings, [-3595, -100], Group("b", -60)));
        AssertPlan([], ["b", "c"], null, At(Now, settings, [-600, -500], Group("b", -600), Group("c", -1)));
    }

    [Fact]
    public void A_mail_of_exactly_an_hour_ago_does_not_count_any_more() =>
        AssertPlan(["a"], [], null, At(Now, AtOnce with { MailsPerHour = 1 }, [-3600], Group("a", -1)));

    [Fact]
    public void In_quiet_hours_no_mail_is_created_and_at_their_end_one_digest_is()
    {
        var settings = AtOnce with { Quiet = new QuietHours(new(22, 0), new(7, 0), TimeZoneInfo.Utc) };
        var (night, morning) = (Now.AddHours(11), Now.AddHours(19)); // 23:00, 07:00

        AssertPlan([], [], morning, At(night, settings, new PendingGroup("a", night, null)));
        AssertPlan([], ["a", "b"], null, At(morning, settings, new PendingGroup("a", night, null), new PendingGroup("b", morning.AddSeconds(-1), null)));
        AssertPlan(["c"], [], null, At(morning, settings, new PendingGroup("c", morning, null)));
    }

    [Theory]
    [InlineData("21:59", false, null)]
    [InlineData("22:00", true, "2024-06-13T07:00")]
    [InlineData("06:59", true, "2024-06-12T07:00")]
    [InlineData("07:00", false, null)]
    public void Quiet_hours_begin_inclusively_and_end_exclusively_also_over_midnight(string time, bool isQuiet, string? end)
    {
        var quiet = new QuietHours(new(22, 0), new(7, 0), TimeZoneInfo.CreateCustomTimeZone("two", TimeSpan.FromHours(2), "two", "two"));
        var moment = new DateTimeOffset(new DateOnly(2024, 6, 12).ToDateTime(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)), TimeSpan.FromHours(2));

        Assert.Equal(isQuiet, quiet.Contains(moment.ToUniversalTime()));
        if (end is not null)
        {
            Assert.Equal(DateTimeOffset.Parse($"{end}:00+02:00", System.Globalization.CultureInfo.InvariantCulture), quiet.EndAfter(moment.ToUniversalTime()));
        }
    }

    private static PendingGroup Group(string name, int oldest, int? lastMail = null) =>
        new(name, Now.AddSeconds(oldest), lastMail is { } seconds ? Now.AddSeconds(seconds) : null);

    private static DispatchPlan At(DateTimeOffset now, DispatchSettings settings, params PendingGroup[] pending) => At(now, settings, [], pending);

    private static DispatchPlan At(DateTimeOffset now, DispatchSettings settings, int[] recent, params PendingGroup[] pending) =>
        DispatchPlan.Create(now, pending, [.. recent.Select(s => now.AddSeconds(s))], settings);

    private static void AssertPlan(string[] mails, string[] digest, DateTimeOffset? next, DispatchPlan plan)
    {
        Assert.Equal(mails, plan.Mails);
        Assert.Equal(digest, plan.Digest);
        Assert.Equal(next, plan.Next);
    }
}
