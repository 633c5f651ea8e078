using System.Text.Json;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Letters;

/// <summary>The command <c>show</c>: everything about a letter.</summary>
internal static class LetterPage
{
    public static async Task PrintAsync(LetterQueue queue, Selection selection, CancellationToken stop)
    {
        foreach (var letter in await FindAsync(queue, await Survey.TakeAsync(queue, selection, stop), stop))
        {
            foreach (var line in LinesOf(letter))
            {
                await Console.Out.WriteLineAsync(UntrustedText.Clean(line).AsMemory(), stop);
            }
        }
    }

    /// <summary>Reads whole letters.</summary>
    public static async Task<IReadOnlyList<Letter>> FindAsync(LetterQueue queue, Survey survey, CancellationToken stop)
    {
        var letters = new List<Letter>();
        await queue.PassAsync("Reading", async pass =>
        {
            letters.Clear();
            await foreach (var letter in pass.ReadAsync(survey.Includes, survey.Count))
            {
                letters.Add(letter);
            }
        }, stop);
        return letters;
    }

    private static IEnumerable<string> LinesOf(Letter letter)
    {
        foreach (var (name, value) in letter.Describe())
        {
            if (value is IDictionary<string, object?> headers)
            {
                foreach (var (header, content) in headers)
                {
                    yield return $"header {header}: {content as string ?? JsonSerializer.Serialize(content, JsonLines.Format)}";
                }
            }
            else if (name == "body")
            {
                yield return "";
                foreach (var line in ((string)value!).ReplaceLineEndings("\n").Split('\n'))
                {
                    yield return line;
                }
            }
            else if (value is not null)
            {
                yield return $"{name}: {value}";
            }
        }

        yield return "";
    }
}
