using System.Threading.Channels;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Files;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Records;

namespace AuctionTracker.Recorder;

/// <summary>
/// Keeps the bids of a growing file in a sink, without a broker. A checkpoint beside the file says how far the sink has read it. It becomes
/// durable after the batch: what is read again after a crash, the sink knows.
/// </summary>
internal sealed class FileRecorder(SinkWriter sink, string path, ProgramRun run)
{
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private readonly Checkpoint _checkpoint = new(path, sink.Name);

    /// <summary>Records until <paramref name="stop"/>, until the count of the settings is reached, or until no line came for their idle time.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lines = Channel.CreateBounded<Line>(2 * sink.Limits.Size);
        var reading = ReadAsync(lines.Writer, end.Token);
        for (var written = 0; await sink.Limits.NextAsync(lines.Reader, written, run.Time, stop) is { Count: > 0 } batch; written += batch.Count)
        {
            if (!await TryWriteAsync(batch, stop))
            {
                break;
            }

            await WriteCheckpointAsync(batch[^1].End);
        }

        await end.CancelAsync();
        await reading;
    }

    private async Task ReadAsync(ChannelWriter<Line> lines, CancellationToken stop)
    {
        var from = await _checkpoint.ReadAsync(stop);
        try
        {
            await foreach (var line in new GrowingFile(path, run.Time).ReadAsync(from, stop))
            {
                BidLine.TryRead(line.Bytes.Span, out var bid, out var reason);
                await lines.WriteAsync(new Line(bid, reason, line.End), stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The lines that were not taken are read again next time.
        }
        catch (Exception e)
        {
            lines.Complete(e);
        }
    }

    private async Task WriteCheckpointAsync(long end)
    {
        try
        {
            await _checkpoint.WriteAsync(end);
        }
        catch (IOException e)
        {
            sink.Log.Warning("{Text} After a restart, lines are read again; the sink knows their bids.", e.Message);
        }
    }

    /// <returns>False if it was asked to stop before the batch could be written.</returns>
    private async Task<bool> TryWriteAsync(List<Line> batch, CancellationToken stop)
    {
        var now = run.Time.GetUtcNow();
        RecordedBid[] bids = [.. batch.Where(l => l.Bid is not null).Select(l => new RecordedBid(l.Bid!.MessageId, l.Bid.Bid, l.Bid.ReceivedAt ?? now))];
        (string, string)[] unreadable = [.. batch.Where(l => l.Bid is null).Select(l => ($"The line before byte {l.End} of {path}", l.Reason!))];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await sink.WriteAsync(bids, unreadable, CancellationToken.None);
                if (attempt > 1)
                {
                    sink.Log.Information("Writing succeeds again.");
                }

                return true;
            }
            catch (IOException e)
            {
                if (attempt == 1)
                {
                    sink.Log.Error("{Text} Reading {Path} waits until it can.", e.Message, path);
                }

                await Task.Delay(_backoff.After(attempt), run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                {
                    return false;
                }
            }
        }
    }

    /// <param name="Bid">The line, or <see langword="null"/> if it cannot be read as a bid.</param>
    /// <param name="Reason">Why it cannot be read.</param>
    /// <param name="End">The position after it.</param>
    private sealed record Line(BidLine? Bid, string? Reason, long End);
}
