using CsvHelper;

namespace AuctionTracker.Report.Formats;

/// <summary>CSV with a header line, in flat memory.</summary>
internal sealed class CsvFormat : IFormat
{
    public async Task WriteAsync(ReportTable table, Stream output, CancellationToken stop)
    {
        await using var csv = CsvWriter.Create(output, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        await csv.WriteRecordAsync([.. table.Columns], stop);
        await foreach (var row in table.Rows.WithCancellation(stop))
        {
            await csv.WriteRecordAsync([.. row.Select(value => Cells.Write(value, table.Zone))], stop);
        }
    }
}
