using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Files;

/// <summary>A growing file of bids, a line a bid: the way from a producer to a consumer without a broker. One producer appends to it.</summary>
public sealed class BidFile : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly FileStream _file;
    private readonly Counts _counts;

    private BidFile(FileStream fileLock, FileStream file, Counts counts) => (_lock, _file, _counts) = (fileLock, file, counts);

    /// <summary>Opens the settings' file to append to. Creates it if it is missing; cuts a last line that a crash has torn.</summary>
    /// <param name="run">Settings and counts.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="ProgramException">The file can't be written, or another producer appends to it.</exception>
    public static async Task<BidFile> OpenAsync(ProgramRun run, CancellationToken cancel)
    {
        var path = run.Settings.LiveFile;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var fileLock = FileLock.TryTake($"{path}.lock") ?? throw new IOException("another producer appends to it.");
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
            await LineTail.CutAsync(file, cancel);
            file.Seek(0, SeekOrigin.End);
            return new BidFile(fileLock, file, run.Counts);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    /// <summary>Appends a message as a line, with its id, and counts it.</summary>
    /// <param name="message">The message; one that is bad on purpose has no id.</param>
    /// <exception cref="ProgramException">The file can't be written.</exception>
    public async Task AppendAsync(BidMessage message)
    {
        var line = message.Bid is { } bid ? new BidLine(message.Id, bid, ReceivedAt: null).ToBytes() : [.. message.Body.Span, (byte)'\n'];
        try
        {
            await _file.WriteAsync(line, CancellationToken.None); // a stop request must not tear a line
            _counts.Sent.Add(1);
        }
        catch (IOException e)
        {
            throw Unusable(_file.Name, e);
        }
    }

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        await _lock.DisposeAsync();
    }

    /// <summary>
    /// Reads the bids of the settings' file as it grows, until <paramref name="stop"/>, the count or the idle time of the settings. Lines that
    /// cannot be read as bids are logged and counted.
    /// </summary>
    /// <param name="run">Settings, log and counts.</param>
    /// <param name="stop">Ends the bids, without an exception.</param>
    public static async IAsyncEnumerable<Bid> FollowAsync(ProgramRun run, [EnumeratorCancellation] CancellationToken stop)
    {
        var (settings, counts) = (run.Settings.Consumer, run.Counts);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var idle = new CancellationTokenSource(settings.IdleExit ?? Timeout.InfiniteTimeSpan, run.Time);
        await using var ending = idle.Token.Register(end.Cancel);
        await foreach (var line in new GrowingFile(run.Settings.LiveFile, run.Time).ReadAsync(from: 0, end.Token))
        {
            idle.CancelAfter(settings.IdleExit ?? Timeout.InfiniteTimeSpan);
            counts.Received.Add(1);
            if (BidLine.TryRead(line.Bytes.Span, out var read, out var reason))
            {
                yield return read.Bid;
                counts.Handled.Add(1);
            }
            else
            {
                counts.BadRows.Add(1);
                run.Log.Warning("A line of {File} cannot be read as a bid: {Reason}", run.Settings.LiveFile, reason);
            }

            if (counts.Received.Value == settings.Count)
            {
                yield break;
            }
        }
    }

    private static ProgramException Unusable(string path, Exception e) =>
        new($"Bids can't be appended to {path}: {e.Message.TrimEnd('.')}. Choose another file with --file.", e);
}
