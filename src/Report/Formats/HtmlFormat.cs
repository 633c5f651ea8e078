namespace AuctionTracker.Report.Formats;

/// <summary>One self-contained page: the picture, and the table it is drawn from.</summary>
internal sealed class HtmlFormat : IFormat
{
    public async Task WriteAsync(ReportTable table, Stream output, CancellationToken stop)
    {
        var shown = await table.ReadAsync(stop);
        var page = new HtmlPage(table.Title);
        page.AddText(table.Subtitle);
        page.AddFigures(table.Columns.Zip(shown.Sums).Where(sum => sum.Second is not null).Select(sum => (sum.First, Cells.Show(sum.Second, table.Zone))));
        page.AddTable(table, shown);
        await page.WriteAsync(output, stop);
    }
}
