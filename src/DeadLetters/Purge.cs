using System.Globalization;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Letters;

/// <summary>The command <c>purge</c>: deletes letters, those that were counted when it asked.</summary>
internal static class Purge
{
    public static async Task RunAsync(ProgramRun run, LetterQueue queue, Selection selection, bool isSure, CancellationToken stop)
    {
        var survey = await Survey.TakeAsync(queue, selection, stop);
        run.Log.Information("Dead letters to be deleted: {Count}.", survey.Count);
        if (survey.Count == 0)
        {
            return;
        }

        if (!isSure && await Question.AskAsync("Type the number to delete them: ", stop) != survey.Count.ToString(CultureInfo.InvariantCulture))
        {
            run.Log.Information("That is another number. Nothing was deleted.");
            return;
        }

        var deleted = 0;
        await queue.PassAsync("Deleting", async pass =>
        {
            await foreach (var letter in pass.ReadAsync(survey.Includes, survey.Count))
            {
                await pass.RemoveAsync(letter);
                deleted++;
            }
        }, stop);
        run.Log.Information("Dead letters deleted: {Count}.", deleted);
    }
}
