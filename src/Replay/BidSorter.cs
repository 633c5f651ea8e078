using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;

namespace AuctionTracker.Replay;

/// <summary>
/// Sorts bids by their time in bounded memory with an external merge sort: bids that do not fit in memory go to a temporary file in
/// sorted runs, which are merged when they are read. Bids of the same time stay in the order they were added.
/// </summary>
/// <param name="isByTime">Where <see langword="false"/>, all bids stay in the order they were added.</param>
/// <param name="runBytes">The size of a run in memory; the last bid may exceed it.</param>
/// <param name="maxRuns">How many runs are merged at once; each has a buffer. At least 2.</param>
internal sealed class BidSorter(bool isByTime, int runBytes = 16 << 20, int maxRuns = 64) : IDisposable
{
    private readonly SortRun _run = new();
    private List<(long Start, long End)> _runsInFile = [];
    private TemporaryFile? _file;

    /// <summary>The number of bids added.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a bid.</summary>
    public async ValueTask AddAsync(ReplayBid bid, CancellationToken stop)
    {
        _run.Add(isByTime ? bid.Bid.Timestamp.UtcTicks : 0, BodyOf(bid));
        Count++;
        if (_run.Bytes >= runBytes)
        {
            await WriteRunAsync(stop);
        }
    }

    /// <summary>Reads the sorted bids. Call it once, after the last bid is added.</summary>
    public async IAsyncEnumerable<ReplayBid> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        if (_file is null)
        {
            foreach (var record in _run.Sorted())
            {
                yield return ToBid(record);
            }

            yield break;
        }

        await WriteRunAsync(stop);
        while (_runsInFile.Count > maxRuns)
        {
            await MergeRunsAsync(stop);
        }

        await foreach (var record in MergeAsync(_file, _runsInFile, stop))
        {
            yield return ToBid(record);
        }
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>A bid that keeps its id is stored as a line of a file, which ends with a line feed; another one as its body on the wire.</summary>
    private static byte[] BodyOf(ReplayBid bid) =>
        bid.MessageId is { } id ? new BidLine(id, bid.Bid, ReceivedAt: null).ToBytes() : BidJson.Write(bid.Bid);

    private static ReplayBid ToBid(ReadOnlyMemory<byte> record)
    {
        var body = SortRun.BodyOf(record).Span;
        if (body[^1] == '\n')
        {
            return BidLine.TryRead(body[..^1], out var line, out var error) ? new(line.Bid, line.MessageId) : throw new InvalidDataException(error);
        }

        return BidJson.TryRead(body, out var bid, out var reason) ? new(bid, null) : throw new InvalidDataException(reason);
    }

    private async ValueTask WriteRunAsync(CancellationToken stop)
    {
        _file ??= new TemporaryFile();
        var start = _file.Length;
        foreach (var record in _run.Sorted())
        {
            await _file.AppendAsync(record, stop);
        }

        await _file.FlushAsync(stop);
        _runsInFile.Add((start, _file.Length));
        _run.Clear();
    }

    /// <summary>Merges groups of neighbouring runs into longer runs, in a new file.</summary>
    private async ValueTask MergeRunsAsync(CancellationToken stop)
    {
        var (shorter, longer) = (_runsInFile, new List<(long Start, long End)>());
        using var source = _file!;
        _file = new TemporaryFile();
        foreach (var group in shorter.Chunk(maxRuns))
        {
            var start = _file.Length;
            await foreach (var record in MergeAsync(source, group, stop))
            {
                await _file.AppendAsync(record, stop);
            }

            await _file.FlushAsync(stop);
            longer.Add((start, _file.Length));
        }

        _runsInFile = longer;
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> MergeAsync(
        TemporaryFile file, IReadOnlyList<(long Start, long End)> runs, [EnumeratorCancellation] CancellationToken stop)
    {
        // Runs are in the order of adding: of equal times the one in the earlier run comes first.
        var next = new PriorityQueue<SortRunReader, (long Time, int Run)>();
        for (var run = 0; run < runs.Count; run++)
        {
            var reader = new SortRunReader(file, runs[run].Start, runs[run].End);
            if (await reader.ReadAsync(stop))
            {
                next.Enqueue(reader, (SortRun.TimeOf(reader.Record), run));
            }
        }

        while (next.TryDequeue(out var reader, out var place))
        {
            yield return reader.Record;
            if (await reader.ReadAsync(stop))
            {
                next.Enqueue(reader, (SortRun.TimeOf(reader.Record), place.Run));
            }
        }
    }
}
