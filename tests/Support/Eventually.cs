using Xunit;

namespace AuctionTracker.Support;

/// <summary>Polls a condition that has no event to wait for. Fails the test after <see cref="ProgramUnderTest.Patience"/>.</summary>
public static class Eventually
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <param name="reason">What the test waits for. It is part of the failure message.</param>
    /// <param name="condition">The condition.</param>
    public static Task TrueAsync(string reason, Func<bool> condition) => TrueAsync(reason, () => Task.FromResult(condition()));

    /// <inheritdoc cref="TrueAsync(string, Func{bool})"/>
    public static async Task TrueAsync(string reason, Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Poll);
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > ProgramUnderTest.Patience)
            {
                Assert.Fail($"Not true within {ProgramUnderTest.Patience.TotalSeconds} s: {reason}.");
            }

            await timer.WaitForNextTickAsync();
        }
    }
}
