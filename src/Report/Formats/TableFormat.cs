using System.Globalization;
using System.Text;
using AuctionTracker.Core.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AuctionTracker.Report.Formats;

/// <summary>
/// A table for a terminal: numbers on the right, a bar for each row where the report has bars and the terminal is wide enough, sums at the
/// foot. In a narrow one the columns move together. Where the terminal is too narrow for the table, each value has a line: a figure is never cut.
/// </summary>
/// <param name="isTerminal">Whether the output is a terminal; otherwise there are no colours.</param>
internal sealed class TableFormat(bool isTerminal) : IFormat
{
    private const int UnboundedWidth = 1000;
    private const int BarWidth = 16;

    public async Task WriteAsync(ReportTable table, Stream output, CancellationToken stop)
    {
        var shown = await table.ReadAsync(stop);
        await using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true);
        var console = CreateConsole(text, isTerminal);
        console.Write(new Text(UntrustedText.Clean(table.Title), Color.Default));
        console.WriteLine();
        console.Write(new Text(UntrustedText.Clean(table.Subtitle), new Style(decoration: Decoration.Dim)));
        console.WriteLine();
        var width = isTerminal ? AnsiConsole.Profile.Width : UnboundedWidth;
        IRenderable[] drawings = [Draw(table, shown, hasBars: true), Draw(table, shown), Draw(table, shown, isTight: true)];
        var drawing = drawings.FirstOrDefault(drawing => Render(drawing, hasColours: false).Max(line => new Segment(line).CellCount()) <= width)
            ?? DrawRecords(table, shown);
        foreach (var line in Render(drawing, isTerminal))
        {
            await text.WriteLineAsync(line.AsMemory(), stop);
        }

        if (shown.Count == 0 || shown.Omission.Length > 0)
        {
            console.WriteLine(shown.Count == 0 ? "No rows: nothing matches." : shown.Omission);
        }
    }

    /// <summary>The lines of a drawing. Blanks at their ends are left out: a terminal that is too narrow would make lines of them.</summary>
    private static List<string> Render(IRenderable drawing, bool hasColours)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CreateConsole(text, hasColours).Write(drawing);
        return [.. text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Select(line => line.TrimEnd())];
    }

    private static IAnsiConsole CreateConsole(TextWriter output, bool hasColours)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = hasColours ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        });
        console.Profile.Width = UnboundedWidth;
        console.Profile.Encoding = Encoding.UTF8;
        return console;
    }

    private static Table Draw(ReportTable report, ShownRows shown, bool hasBars = false, bool isTight = false)
    {
        var table = new Table().Border(TableBorder.Simple);
        var measure = hasBars && report.Picture is { IsLine: false } picture ? report.Columns.ToList().IndexOf(picture.Measure) : -1;
        var top = measure < 0 ? 0 : shown.Rows.Select(row => Cells.NumberOf(row[measure])).DefaultIfEmpty().Max();
        foreach (var (i, name) in report.Columns.Index())
        {
            var isNumber = shown.Rows.Any(row => Cells.IsNumber(row[i])) && shown.Rows.All(row => row[i] is null || Cells.IsNumber(row[i]));
            table.AddColumn(new TableColumn(new Text(UntrustedText.Clean(name), new Style(decoration: Decoration.Bold)))
            {
                NoWrap = true,
                Padding = isTight ? new Padding(0) : new Padding(1, 0),
                Alignment = isNumber ? Justify.Right : Justify.Left,
                Footer = shown.HasSums ? new Text(shown.Sums[i] is { } sum ? Cells.Show(sum, report.Zone) : i == 0 ? "all" : "") : null,
            });
        }

        if (top > 0)
        {
            table.AddColumn(new TableColumn(new Text(report.Columns[measure], new Style(decoration: Decoration.Dim))) { NoWrap = true });
        }

        foreach (var row in shown.Rows)
        {
            var cells = row.Select(value => (IRenderable)new Text(UntrustedText.Clean(Cells.Show(value, report.Zone))) { Overflow = Overflow.Ellipsis });
            table.AddRow(top > 0 ? cells.Append(new Text(Bar(Cells.NumberOf(row[measure]) / top), Color.Teal)) : cells);
        }

        return table;
    }

    /// <summary>A line for each value, for a terminal that is too narrow for the table.</summary>
    private static Grid DrawRecords(ReportTable report, ShownRows shown)
    {
        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (row, i) in shown.Rows.Select((row, i) => (row, i)).Concat(shown.HasSums ? [(shown.Sums, shown.Rows.Count)] : []))
        {
            grid.AddRow(new Text(i == shown.Rows.Count ? "all" : FormattableString.Invariant($"row {i + 1}"), new Style(decoration: Decoration.Dim)), Text.Empty);
            foreach (var (name, value) in report.Columns.Zip(row).Where(cell => i < shown.Rows.Count || cell.Second is not null))
            {
                grid.AddRow(new Text(UntrustedText.Clean(name)), new Text(UntrustedText.Clean(Cells.Show(value, report.Zone))));
            }
        }

        return grid;
    }

    /// <summary>A bar in eighths of a character.</summary>
    private static string Bar(decimal share)
    {
        var eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth * 8);
        return new string('█', eighths / 8) + (eighths % 8 is var rest and > 0 ? "▏▎▍▌▋▊▉"[rest - 1].ToString() : "");
    }
}
