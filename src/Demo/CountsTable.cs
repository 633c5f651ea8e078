using System.Globalization;
using Spectre.Console;

namespace AuctionTracker.Demo;

/// <summary>The counts of both programs, and whether they add up.</summary>
internal sealed class CountsTable
{
    private readonly List<Line> _lines;

    private CountsTable(List<Line> lines) => _lines = lines;

    public bool AddsUp => _lines.TrueForAll(line => line.Holds);

    public static CountsTable Of(long waitedBefore, ChildProgram source, ChildProgram consumer)
    {
        var (sent, confirmed, returned, failed) = (source.Count("sent"), source.Count("confirmed"), source.Count("returned"), source.Count("failed"));
        var (received, handled) = (consumer.Count("received"), consumer.Count("handled"));
        var (deadLettered, unacked) = (consumer.Count("dead-lettered"), consumer.Count("unacked"));
        var (before, alerts, mailed) = (consumer.Count("waiting before"), consumer.Count("alerts"), consumer.Count("mailed"));
        var (refused, waiting) = (consumer.Count("refused"), consumer.Count("waiting"));
        return new CountsTable(
        [
            new("sent", sent, "confirmed + returned + failed", sent == confirmed + returned + failed),
            new("confirmed", confirmed),
            new("waiting before", waitedBefore),
            new("received", received, "confirmed + waiting before", received == confirmed + waitedBefore),
            new("handled", handled, "received - dead-lettered - unacked", handled == received - deadLettered - unacked),
            new("dead-lettered", deadLettered),
            new("unacked", unacked, "0", unacked == 0),
            new("alerts", alerts),
            new("alerts before", before),
            new("mailed", mailed, "alerts + before - refused - waiting", mailed == alerts + before - refused - waiting),
            new("refused", refused),
            new("waiting", waiting),
            new("mails", consumer.Count("mails")),
        ]);
    }

    public void Print()
    {
        var table = new Table().AddColumn("count").AddColumn(new TableColumn("messages").RightAligned()).AddColumn("must be");
        foreach (var line in _lines)
        {
            var check = line.Rule.Length == 0 ? "" : $"{line.Rule}: {(line.Holds ? "[green]yes[/]" : "[red]NO[/]")}";
            table.AddRow(line.Name, line.Count.ToString(CultureInfo.InvariantCulture), check);
        }

        var isRedirected = Console.IsOutputRedirected;
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        }).Write(table);
    }

    private sealed record Line(string Name, long Count, string Rule = "", bool Holds = true);
}
