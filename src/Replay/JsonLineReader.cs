using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>Reads bids in the wire format, one a line. Blank lines are skipped.</summary>
internal static class JsonLineReader
{
    public static async IAsyncEnumerable<BidRow> ReadAsync(RowReader rows, [EnumeratorCancellation] CancellationToken stop)
    {
        rows.HasQuotes = false;
        while (await rows.ReadAsync(stop))
        {
            if (rows.Refusal is not null)
            {
                yield return new BidRow(rows.Line, null, rows.Refusal);
            }
            else if (rows.Row.Span.IndexOfAnyExcept(" \t"u8) >= 0)
            {
                BidJson.TryRead(rows.Row.Span, out var bid, out var reason);
                yield return new BidRow(rows.Line, bid, reason);
            }
        }
    }
}
