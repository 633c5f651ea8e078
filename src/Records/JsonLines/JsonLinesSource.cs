using System.Globalization;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Files;

namespace AuctionTracker.Records.JsonLines;

/// <summary>Reads the record of a folder of JSON lines, or of one file, in the order of the files' names and lines. An id may come twice.</summary>
/// <param name="path">The folder or file.</param>
/// <param name="unreadable">Gets the place, as in <c>2026-11-24.jsonl:12</c>, and the reason of each line that cannot be read as a bid.</param>
public sealed class JsonLinesSource(string path, Action<string, string> unreadable)
{
    /// <summary>Bids that were received before are left out, and whole files of earlier days. By default none are.</summary>
    public DateTimeOffset Since { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Reads the bids. A bid without a time of arrival has that of the bid itself.</summary>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read.</exception>
    public async IAsyncEnumerable<RecordedBid> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var firstDay = Since.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var file in Directory.Exists(path) ? JsonLinesSink.FilesOf(path).Where(f => !IsEarlier(f, firstDay)) : [path])
        {
            await using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            using var lines = new LineReader(stream);
            for (var number = 1; await lines.ReadAsync(cancel) is { } line; number++)
            {
                if (BidLine.TryRead(line.Span, out var read, out var reason))
                {
                    var received = read.ReceivedAt ?? read.Bid.Timestamp;
                    if (received >= Since)
                    {
                        yield return new RecordedBid(read.MessageId, read.Bid, received);
                    }
                }
                else
                {
                    unreadable($"{Path.GetFileName(file)}:{number}", lines.IsComplete ? reason : "the last line is torn");
                }
            }
        }
    }

    /// <summary>The name of a sink's file is its day of arrival; other files are read whatever their name.</summary>
    private static bool IsEarlier(string file, string day) =>
        DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(file), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && string.CompareOrdinal(Path.GetFileNameWithoutExtension(file), day) < 0;
}
