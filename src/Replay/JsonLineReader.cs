using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>Reads bids in the wire format, one a line, and with <c>--keep-ids</c> their message ids. Blank lines are skipped.</summary>
internal static class JsonLineReader
{
    public static async IAsyncEnumerable<BidRow> ReadAsync(RowReader rows, bool keepsIds, [EnumeratorCancellation] CancellationToken stop)
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
                yield return keepsIds
                    ? BidLine.TryRead(rows.Row.Span, out var line, out var reason) ? new(rows.Line, line.Bid, null, line.MessageId) : new(rows.Line, null, reason)
                    : BidJson.TryRead(rows.Row.Span, out var bid, out reason) ? new(rows.Line, bid, null) : new(rows.Line, null, reason);
            }
        }
    }
}
