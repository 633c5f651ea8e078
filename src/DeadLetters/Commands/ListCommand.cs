using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters.Queue;
using Spectre.Console;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>The command <c>list</c>: a table with a row for each dead letter.</summary>
internal static class ListCommand
{
    private const int ExcerptLength = 40;
    private const int MinIdLength = 8;
    private const int RedirectedWidth = 400;

    public static async Task RunAsync(ProgramRun run, DeadLetterQueue queue, DeadLetterFilter filter, CancellationToken stop)
    {
        var rows = await queue.SelectAsync(
            filter.Matches, filter.Limit, letter => (letter.Key.Id, Cells: CellsOf(letter, filter.Now)), stop);
        if (rows.Count > 0)
        {
            var ids = ShortIds(rows.Select(row => row.Id));
            Print(rows.Select((row, i) => (string[])[$"{i + 1}", ids[row.Id], .. row.Cells]));
        }

        run.Log.Information("Dead letters: {Count}.", rows.Count);
    }

    private static string[] CellsOf(DeadLetter letter, DateTimeOffset now) =>
    [
        letter.Time is { } time ? AgeText(now - time) : "?",
        letter.Queue ?? "?",
        letter.Reason ?? "?",
        letter.Attempts.ToString(CultureInfo.InvariantCulture),
        letter.Key.Deaths.ToString(CultureInfo.InvariantCulture),
        letter.BodyText is not { } text ? $"({letter.Body.Length} bytes)"
            : text.Length <= ExcerptLength ? text
            : $"{text.AsSpan(0, ExcerptLength)}…",
    ];

    /// <summary>The largest unit that fits; 0 s for a time in the future, which another machine's clock may produce.</summary>
    private static string AgeText(TimeSpan age) => age switch
    {
        { TotalDays: >= 1 } => $"{(long)age.TotalDays}d",
        { TotalHours: >= 1 } => $"{(int)age.TotalHours}h",
        { TotalMinutes: >= 1 } => $"{(int)age.TotalMinutes}m",
        _ => $"{Math.Max(0, (int)age.TotalSeconds)}s",
    };

    /// <summary>For each id its shortest prefix that no other id has, of at least 8 characters.</summary>
    private static Dictionary<string, string> ShortIds(IEnumerable<string> ids)
    {
        var sorted = ids.Distinct().Order(StringComparer.Ordinal).ToList();
        var result = new Dictionary<string, string>(sorted.Count);
        foreach (var (i, id) in sorted.Index())
        {
            // In this order, no other id has a longer prefix in common than one of the two neighbours.
            var shared = Math.Max(
                i > 0 ? id.AsSpan().CommonPrefixLength(sorted[i - 1]) : 0,
                i < sorted.Count - 1 ? id.AsSpan().CommonPrefixLength(sorted[i + 1]) : 0);
            result[id] = id[..Math.Min(id.Length, Math.Max(MinIdLength, shared + 1))];
        }

        return result;
    }

    private static void Print(IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in new[] { "#", "id", "age", "queue", "reason", "tries", "deaths", "body" })
        {
            table.AddColumn(new TableColumn(name) { NoWrap = name is not ("reason" or "body") });
        }

        foreach (var cells in rows)
        {
            table.AddRow(cells.Select(cell => new Text(UntrustedText.Clean(cell)) { Overflow = Overflow.Ellipsis }));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Console.IsOutputRedirected ? RedirectedWidth : console.Profile.Width;
        console.Write(table);
    }
}
