using System.Text.Json;
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters.Queue;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>The command <c>show</c>: all properties, headers and the body of dead letters.</summary>
internal static class ShowCommand
{
    public static async Task RunAsync(DeadLetterQueue queue, DeadLetterFilter filter, CancellationToken stop)
    {
        var selection = await DeadLetterSelection.ReadAsync(queue, filter, stop);
        foreach (var line in (await selection.LoadAsync(queue, stop)).SelectMany(LinesOf))
        {
            await Console.Out.WriteLineAsync(UntrustedText.Clean(line).AsMemory(), stop);
        }
    }

    private static IEnumerable<string> LinesOf(DeadLetter letter)
    {
        foreach (var (name, value) in letter.Describe())
        {
            if (value is IDictionary<string, object?> headers)
            {
                foreach (var (header, content) in headers)
                {
                    yield return $"header {header}: {content as string ?? JsonSerializer.Serialize(content, ExportCommand.Json)}";
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
