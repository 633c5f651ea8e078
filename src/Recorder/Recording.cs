using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Recorder;

/// <summary>Records into all sinks at the same time.</summary>
internal static class Recording
{
    /// <param name="run">Settings and log.</param>
    /// <param name="file">The growing file to follow; <see langword="null"/> for the broker's queues.</param>
    /// <param name="stop">Requests the end.</param>
    public static async Task RunAsync(ProgramRun run, string? file, CancellationToken stop)
    {
        await using var sinks = await OpenSinks.OpenAsync(run, stop);
        run.Log.Information("Starting recorder. Waiting for messages...");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await Task.WhenAll(file is null
                ? [.. sinks.Writers.Select(sink => EndAllOnErrorAsync(SinkRecorder.RunAsync(sink, run, end.Token))), RecordQueues.LogUnreadAsync(run, sinks.Names, end.Token)]
                : sinks.Writers.Select(sink => EndAllOnErrorAsync(new FileRecorder(sink, file, run).RunAsync(end.Token))));
        }
        finally
        {
            sinks.LogCounts();
            if (file is null)
            {
                await RecordQueues.LogUnreadAtEndAsync(run);
            }
        }

        // A sink that can't be written is no error. A queue that another recorder reads is.
        async Task EndAllOnErrorAsync(Task recording)
        {
            try
            {
                await recording;
            }
            catch
            {
                await end.CancelAsync();
                throw;
            }
        }
    }
}
