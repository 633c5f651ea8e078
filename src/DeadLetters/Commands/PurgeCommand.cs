using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters.Queue;
using Spectre.Console;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>The command <c>purge</c>: deletes the dead letters it has counted and asked about.</summary>
internal static class PurgeCommand
{
    public static async Task RunAsync(
        ProgramRun run, DeadLetterQueue queue, DeadLetterFilter filter, bool isConfirmed, CancellationToken stop)
    {
        var selection = await DeadLetterSelection.ReadAsync(queue, filter, stop);
        run.Log.Information("Dead letters to be deleted: {Count}.", selection.Count);
        if (selection.Count == 0)
        {
            return;
        }

        if (!isConfirmed && await AskForNumberAsync(stop) != selection.Count.ToString(CultureInfo.InvariantCulture))
        {
            run.Log.Information("That is another number. Nothing was deleted.");
            return;
        }

        var deleted = 0;
        await queue.ReadAsync("Deleting", async reader =>
        {
            await foreach (var letter in reader.GetAsync(selection.Contains, selection.Count))
            {
                await reader.AckAsync(letter);
                deleted++;
            }
        }, stop);
        run.Log.Information("Dead letters deleted: {Count}.", deleted);
    }

    private static async Task<string> AskForNumberAsync(CancellationToken stop) =>
        (await AnsiConsole.PromptAsync(new TextPrompt<string>("Type the number to delete them:").AllowEmpty(), stop)).Trim();
}
