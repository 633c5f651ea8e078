// Recorder: keeps every bid in one or more sinks. Each sink has a queue and a connection of its own: one that is down holds up no other.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Recorder;
using AuctionTracker.Recorder.Verify;

var options = new RecorderOptions();

return await AuctionProgram.RunAsync("recorder", "Keeps every bid.", options.Definition, args, async (run, stop) =>
{
    await (options switch
    {
        _ when options.IsVerification(run) => Verification.RunAsync(run, stop),
        _ when options.NameToForget(run) is { } name => RecordQueues.ForgetAsync(run, name, options.IsConfirmed(run), stop),
        _ => RecordAsync(options.FileToFollow(run), run, stop),
    });
});

static async Task RecordAsync(string? file, ProgramRun run, CancellationToken stop)
{
    await using var sinks = await OpenSinks.OpenAsync(run, stop);
    if (file is null)
    {
        await RecordQueues.LogUnreadAsync(run, except: sinks.Names, stop);
    }

    run.Log.Information("Starting recorder. Waiting for messages...");
    try
    {
        await Task.WhenAll(sinks.Writers.Select(sink =>
            file is null ? SinkRecorder.RunAsync(sink, run, stop) : new FileRecorder(sink, file, run).RunAsync(stop)));
    }
    finally
    {
        sinks.LogCounts();
        if (file is null)
        {
            await RecordQueues.LogUnreadAtEndAsync(run);
        }
    }
}
