using System.Globalization;
using AuctionTracker.Core.Hosting;
using Spectre.Console;

namespace AuctionTracker.Letters;

/// <summary>The command <c>list</c>: a line a letter.</summary>
internal static class LetterTable
{
    private const int ExcerptLength = 40;
    private const int WidthOfAFile = 400;

    public static async Task PrintAsync(ProgramRun run, LetterQueue queue, Selection selection, CancellationToken stop)
    {
        var rows = new List<Row>();
        await queue.PassAsync("Reading", async pass =>
        {
            rows.Clear();
            await foreach (var letter in pass.ReadAsync(selection.Includes, selection.Limit))
            {
                rows.Add(new Row(letter, selection.Now));
            }
        }, stop);

        if (rows.Count > 0)
        {
            Print(rows);
        }

        run.Log.Information("Dead letters: {Count}.", rows.Count);
    }

    private static void Print(List<Row> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var (name, isFixed) in new[] { ("#", true), ("id", true), ("age", true), ("queue", true), ("reason", false), ("tries", true), ("deaths", true), ("body", false) })
        {
            table.AddColumn(new TableColumn(name) { NoWrap = isFixed });
        }

        var ids = ShortIds.Of(rows.Select(r => r.Id));
        foreach (var (i, row) in rows.Index())
        {
            string[] cells =
            [
                $"{i + 1}", ids[row.Id], row.Age, row.Queue, row.Reason,
                row.Attempts.ToString(CultureInfo.InvariantCulture), row.Deaths.ToString(CultureInfo.InvariantCulture), row.Excerpt,
            ];
            table.AddRow(cells.Select(cell => new Text(UntrustedText.Clean(cell)) { Overflow = Overflow.Ellipsis }));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Console.IsOutputRedirected ? WidthOfAFile : console.Profile.Width;
        console.Write(table);
    }

    /// <summary>What the table shows of a letter: bodies may be large, and letters many.</summary>
    private sealed class Row(Letter letter, DateTimeOffset now)
    {
        public string Id { get; } = letter.Key.Id;

        public string Age { get; } = letter.Time is { } time ? Letters.Age.Write(now - time) : "?";

        public string Queue { get; } = letter.Queue ?? "?";

        public string Reason { get; } = letter.Reason ?? "?";

        public int Attempts { get; } = letter.Attempts;

        public int Deaths { get; } = letter.Key.Deaths;

        public string Excerpt { get; } = letter.BodyText is not { } text ? $"({letter.Body.Length} bytes)"
            : text.Length <= ExcerptLength ? text
            : $"{text.AsSpan(0, ExcerptLength)}…";
    }
}
