namespace AuctionTracker.Report.Formats;

/// <summary>A format of reports.</summary>
internal interface IFormat
{
    /// <summary>Writes a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where it is written to.</param>
    /// <param name="stop">Cancels writing.</param>
    Task WriteAsync(ReportTable table, Stream output, CancellationToken stop);
}
