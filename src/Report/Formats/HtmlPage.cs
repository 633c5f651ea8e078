using System.Globalization;
using System.Net;
using System.Text;

namespace AuctionTracker.Report.Formats;

/// <summary>A page that needs no network: light and dark, wide and narrow, and on paper. All text is encoded.</summary>
/// <param name="title">The title.</param>
internal sealed class HtmlPage(string title)
{
    private readonly StringBuilder _body = new();

    /// <summary>Encodes text for HTML.</summary>
    /// <param name="text">Any text.</param>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Adds a paragraph.</summary>
    /// <param name="text">The text.</param>
    public void AddText(string text) => Append($"<p class=\"quiet\">{Encode(text)}</p>");

    /// <summary>Adds a paragraph that is seen first.</summary>
    /// <param name="text">The text.</param>
    public void AddNotice(string text) => Append($"<p class=\"notice\">{Encode(text)}</p>");

    /// <summary>Adds a heading.</summary>
    /// <param name="text">The text.</param>
    public void AddHeading(string text) => Append($"<h2>{Encode(text)}</h2>");

    /// <summary>Adds large figures.</summary>
    /// <param name="figures">Their names and values.</param>
    public void AddFigures(IEnumerable<(string Name, string Value)> figures)
    {
        var items = figures.Select(f => $"<div><dt>{Encode(Label(f.Name))}</dt><dd>{Encode(f.Value)}</dd></div>").ToList();
        if (items.Count > 0)
        {
            Append($"<dl>{string.Concat(items)}</dl>");
        }
    }

    /// <summary>Adds a picture, if the table has one, and the table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="shown">Its rows.</param>
    public void AddTable(ReportTable table, ShownRows shown)
    {
        if (shown.Omission.Length > 0)
        {
            AddText(shown.Omission);
        }

        if (shown.Count == 0)
        {
            Append("<p>No rows: nothing matches.</p>");
        }
        else if (table.Picture is { } picture)
        {
            Append(new Picture(picture, table, shown).Draw());
        }

        bool[] isNumber = [.. table.Columns.Select((_, i) => shown.Rows.Count > 0 && shown.Rows.All(row => row[i] is null || Cells.IsNumber(row[i])))];
        Append("<div class=\"table\" tabindex=\"0\"><table><thead>");
        AppendRow(table.Columns.Select(Label), "th scope=\"col\"", "th");
        Append("</thead><tbody>");
        foreach (var row in shown.Rows)
        {
            AppendRow(row.Select(value => Cells.Show(value, table.Zone)), "td", "td");
        }

        Append("</tbody>");
        if (shown.HasSums)
        {
            Append("<tfoot>");
            AppendRow(shown.Sums.Select((sum, i) => sum is not null ? Cells.Show(sum, table.Zone) : i == 0 ? "all" : ""), "td", "td");
            Append("</tfoot>");
        }

        Append("</table></div>");

        void AppendRow(IEnumerable<string> cells, string open, string close)
        {
            _body.Append("<tr>");
            foreach (var (i, cell) in cells.Index())
            {
                _body.Append('<').Append(open).Append(isNumber[i] ? " class=\"n\">" : ">").Append(Encode(cell)).Append("</").Append(close).Append('>');
            }

            Append("</tr>");
        }
    }

    /// <summary>Writes the page.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="stop">Cancels writing.</param>
    public async Task WriteAsync(Stream output, CancellationToken stop)
    {
        using var style = new StreamReader(typeof(HtmlPage).Assembly.GetManifestResourceStream("page.css")!);
        var css = await style.ReadToEndAsync(stop);
        var page = string.Create(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Encode(title)}</title>
            <style>
            {css}</style></head>
            <body><main>
            <h1>{Encode(title)}</h1>
            {_body}</main></body>
            </html>

            """);
        await output.WriteAsync(Encoding.UTF8.GetBytes(page.ReplaceLineEndings("\n")), stop);
    }

    private static string Label(string column) => column.Replace('_', ' ');

    private void Append(string html) => _body.Append(html).Append('\n');
}
