// Dead letters: list and show the messages that could not be processed; replay, edit, export or purge them.
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters;
using AuctionTracker.DeadLetters.Commands;
using AuctionTracker.DeadLetters.Queue;

var options = new DeadLetterOptions();
if (args.Contains(ExportCommand.StandardOutput))
{
    // Standard output is for the exported lines alone: log lines go to standard error.
    Console.SetOut(Console.Error);
}

return await AuctionProgram.RunAsync(
    "dead_letters", "Shows messages that could not be processed, replays them, or deletes them.", options.Definition, args, async (run, stop) =>
{
    var queue = new DeadLetterQueue(run);
    var filter = options.FilterOf(run);
    await (options.CommandOf(run) switch
    {
        "list" => ListCommand.RunAsync(run, queue, filter, stop),
        "show" => ShowCommand.RunAsync(queue, filter, stop),
        "replay" => ReplayCommand.RunAsync(run, queue, filter, options.DestinationOf(run), options.IsDryRun(run), stop),
        "edit" => EditCommand.RunAsync(run, queue, filter, options.DestinationOf(run), options.IsForced(run), stop),
        "export" => ExportCommand.RunAsync(run, queue, filter, options.FileOf(run), stop),
        _ => PurgeCommand.RunAsync(run, queue, filter, options.IsConfirmed(run), stop),
    });
});
