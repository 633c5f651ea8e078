// Dead letters: what could not be handled, to be read, sent back, mended, kept in a file, or deleted.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Letters;

var options = new LetterOptions();
if (args.Contains(JsonLines.StandardOutput))
{
    // Standard output is the letters' then, for whoever reads the pipe: what is said goes to standard error.
    Console.SetOut(Console.Error);
}

return await AuctionProgram.RunAsync(
    "dead_letters", "Shows what could not be handled, sends it back, or deletes it.", options.Definition, args, async (run, stop) =>
{
    var queue = new LetterQueue(run);
    var selection = options.SelectionOf(run);
    await (options.CommandOf(run) switch
    {
        "list" => LetterTable.PrintAsync(run, queue, selection, stop),
        "show" => LetterPage.PrintAsync(queue, selection, stop),
        "replay" => LetterReplay.RunAsync(run, queue, selection, options.DestinationOf(run), options.IsDryRun(run), stop),
        "edit" => LetterEdit.RunAsync(run, queue, selection, options.DestinationOf(run), options.IsForced(run), stop),
        "export" => JsonLines.WriteAsync(run, queue, selection, options.FileOf(run), stop),
        _ => Purge.RunAsync(run, queue, selection, options.IsSure(run), stop),
    });
});
