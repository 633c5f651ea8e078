using AuctionTracker.Alerts.Rules;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Rules;

public sealed class HighWaterMarksTests
{
    [Fact]
    public void Changes_that_were_taken_stay_as_they_are_when_a_mark_is_raised()
    {
        var marks = new HighWaterMarks();

        var none = marks.TakeChanges();
        marks.Raise("auction 1", 100m);
        var one = marks.TakeChanges();
        marks.Raise("auction 1", 200m);
        marks.PutBack(one);

        Assert.Empty(none);
        Assert.Equal(100m, one["auction 1"]);
        Assert.Equal(200m, marks.TakeChanges()["auction 1"]); // the later amount
    }
}
