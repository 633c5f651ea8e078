// Recorder: keeps every bid in one or more sinks. Each sink has a queue and a connection of its own: one that is down holds up no other.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Recorder;
using AuctionTracker.Recorder.Verify;

var options = new RecorderOptions();

return await AuctionProgram.RunAsync("recorder", "Keeps every bid.", options.Definition, args, async (run, stop) =>
{
    if (options.NameToForget(run) is { } name)
    {
        await RecordQueues.ForgetAsync(run, name, options.IsConfirmed(run), stop);
        return;
    }

    if (options.IsVerification(run))
    {
        await Verification.RunAsync(run, stop);
        return;
    }

    await using var sinks = await OpenSinks.OpenAsync(run.Settings.RecordTo, stop);
    var recorders = sinks.All.Select(sink => new SinkRecorder(sink.Address, sink.Sink, run)).ToList();
    await RecordQueues.LogUnreadAsync(run, except: recorders.Select(r => r.Name), stop);
    run.Log.Information("Starting recorder. Waiting for messages...");
    try
    {
        await Task.WhenAll(recorders.Select(recorder => recorder.RunAsync(stop)));
    }
    finally
    {
        recorders.ForEach(recorder => recorder.LogCounts());
        await RecordQueues.LogUnreadAtEndAsync(run);
    }
});
