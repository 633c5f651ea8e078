namespace AuctionTracker.Core.Hosting;

/// <summary>The parts of a program that run side by side: when one ends, the others are asked to end.</summary>
public static class Parts
{
    /// <summary>Runs the parts until one ends, or until <paramref name="stop"/>.</summary>
    /// <param name="stop">Requests the end.</param>
    /// <param name="parts">The parts. Each gets a token that requests its end.</param>
    /// <exception cref="Exception">The error of the part that failed.</exception>
    public static async Task RunAsync(CancellationToken stop, params Func<CancellationToken, Task>[] parts)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAll(parts.Select(async part =>
        {
            try
            {
                await part(end.Token);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
            }
            finally
            {
                await end.CancelAsync();
            }
        }));
    }
}
