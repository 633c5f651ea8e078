namespace AuctionTracker.Letters;

/// <summary>A question to whoever sits at the terminal.</summary>
internal static class Question
{
    public static async Task<string> AskAsync(string text, CancellationToken stop)
    {
        await Console.Out.WriteAsync(text.AsMemory(), stop);

        // The read itself can't be cancelled; Ctrl+C leaves it behind.
        return (await Task.Run(Console.ReadLine, stop).WaitAsync(stop))?.Trim() ?? "";
    }
}
