using Xunit;

namespace AuctionTracker.Support;

/// <summary>Waits for what gives no signal of its own, with a bound and a reason.</summary>
public static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static Task TrueAsync(string reason, Func<bool> condition) => TrueAsync(reason, () => Task.FromResult(condition()));

    public static async Task TrueAsync(string reason, Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > ProgramUnderTest.Patience)
            {
                Assert.Fail($"Waited {ProgramUnderTest.Patience.TotalSeconds} s in vain: {reason}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
