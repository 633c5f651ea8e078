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
        _ => Recording.RunAsync(run, options.FileToFollow(run), stop),
    });
});
