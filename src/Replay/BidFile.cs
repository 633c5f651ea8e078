using System.Runtime.CompilerServices;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Replay;

/// <summary>A file of bids: CSV, or JSON lines in the wire format. The first character tells which.</summary>
/// <param name="path">The path, or <c>-</c> for standard input.</param>
/// <param name="format">How a CSV file is read.</param>
/// <param name="keepsIds">Whether bids keep the message ids that the file has.</param>
/// <param name="run">Logs and counts the rows that are refused.</param>
internal sealed class BidFile(string path, CsvFormat format, bool keepsIds, ProgramRun run)
{
    /// <summary>Later bad rows are counted, but not logged.</summary>
    private const int BadRowsLogged = 20;

    /// <summary>What the log says happens to a bad row.</summary>
    public string Consequence { get; init; } = "Not sent";

    /// <summary>Whether a file without bids is no error.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>The name of the file in texts.</summary>
    public string Name { get; } = path == InputFile.StandardInput ? "standard input" : path;

    /// <summary>Reads the bids in the order of the file.</summary>
    /// <exception cref="ProgramException">The file can't be read, or holds no bids.</exception>
    public async IAsyncEnumerable<ReplayBid> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await using var text = await OpenAsync(stop);
        var reader = new RowReader(text, Name);
        var first = await reader.FirstByteAsync(stop);
        if (first is null && MayBeEmpty)
        {
            yield break;
        }

        _ = first ?? throw new ProgramException($"{Name} is empty: it has neither a header line nor a bid.");
        var rows = first == '{' ? JsonLineReader.ReadAsync(reader, keepsIds, stop) : new CsvBidReader(reader, Name, format, keepsIds).ReadAsync(stop);
        var count = 0L;
        await foreach (var row in rows)
        {
            if (row.Bid is { } bid)
            {
                count++;
                yield return new ReplayBid(bid, row.MessageId);
            }
            else
            {
                Refuse(row);
            }
        }

        if (count == 0 && !MayBeEmpty)
        {
            throw new ProgramException(run.Counts.BadRows.Value is var bad and > 0
                ? $"{Name} holds no bids: every row is bad ({bad})."
                : $"{Name} holds no bids: nothing follows the header line.");
        }
    }

    private async Task<Stream> OpenAsync(CancellationToken stop)
    {
        try
        {
            return await InputFile.OpenAsync(path, stop);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new ProgramException($"{Name} can't be read: {e.Message}", e);
        }
    }

    private void Refuse(BidRow row)
    {
        run.Counts.BadRows.Add(1);
        if (run.Counts.BadRows.Value <= BadRowsLogged)
        {
            run.Log.Warning("{File}:{Line}: {Reason}. {Consequence}.", Name, row.Line, row.Refusal, Consequence);
        }
        else if (run.Counts.BadRows.Value == BadRowsLogged + 1)
        {
            run.Log.Warning("{File}: more bad rows follow; they are counted, but not shown.", Name);
        }
    }
}
