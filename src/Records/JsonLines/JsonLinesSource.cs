using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Files;

namespace AuctionTracker.Records.JsonLines;

/// <summary>Reads the record of a folder of JSON lines, or of one file, in the order of the files' names and lines. An id may come twice.</summary>
/// <param name="path">The folder or file.</param>
/// <param name="unreadable">Gets the place, as in <c>2026-11-24.jsonl:12</c>, and the reason of each line that cannot be read as a bid.</param>
public sealed class JsonLinesSource(string path, Action<string, string> unreadable)
{
    /// <summary>Reads the bids. A bid without a time of arrival has that of the bid itself.</summary>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read.</exception>
    public async IAsyncEnumerable<RecordedBid> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var file in Directory.Exists(path) ? JsonLinesSink.FilesOf(path) : [path])
        {
            await using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            using var lines = new LineReader(stream);
            for (var number = 1; await lines.ReadAsync(cancel) is { } line; number++)
            {
                if (BidLine.TryRead(line.Span, out var read, out var reason))
                {
                    yield return new RecordedBid(read.MessageId, read.Bid, read.ReceivedAt ?? read.Bid.Timestamp);
                }
                else
                {
                    unreadable($"{Path.GetFileName(file)}:{number}", lines.IsComplete ? reason : "the last line is torn");
                }
            }
        }
    }
}
