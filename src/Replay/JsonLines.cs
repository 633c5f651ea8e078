using System.Runtime.CompilerServices;
using System.Text;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>Reads bids in the wire format, one a line; empty lines do not count.</summary>
internal static class JsonLines
{
    public static async IAsyncEnumerable<FileRow> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var number = 1L; await text.ReadLineAsync(stop) is { } line; number++)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                BidJson.TryRead(Encoding.UTF8.GetBytes(line), out var bid, out var reason);
                yield return new FileRow(number, bid, reason);
            }
        }
    }
}
