using System.Buffers;
using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Files;

namespace AuctionTracker.Records.JsonLines;

/// <summary>
/// Keeps bids in a folder of JSON lines, a file for each UTC day of arrival: <c>2026-11-24.jsonl</c>. A last line without a line feed,
/// torn by a crash or a full disk, is cut before the next bids are appended. The last 200,000 ids are remembered, also over a restart; an
/// older bid that comes again is in the files twice, and readers count it once.
/// </summary>
public sealed class JsonLinesSink : IBidSink
{
    private const int RememberedIds = 200_000;

    private readonly RecentIds _recent = new(RememberedIds);
    private readonly string _folder;
    private readonly FileStream _lock;
    private FileStream? _file;
    private long? _lengthBeforeWrite;

    private JsonLinesSink(string folder, FileStream fileLock) => (_folder, _lock) = (folder, fileLock);

    /// <inheritdoc/>
    public string Description => _folder;

    /// <summary>Opens the folder; creates it if it is missing. Cuts torn lines and reads the last ids.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The folder can't be used, or another program writes to it. The message names it.</exception>
    public static async Task<JsonLinesSink> OpenAsync(string folder, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var sink = new JsonLinesSink(folder, FileLock.TryTake(Path.Combine(folder, ".lock")) ?? throw new IOException(
                $"{folder} is in use: another program writes its record there. End it, or choose another folder."));
            await sink.RecoverAsync(cancel);
            return sink;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{folder} can't be read or written: {e.Message}", e);
        }
    }

    /// <summary>The files of a folder, the oldest first.</summary>
    /// <param name="folder">The folder.</param>
    public static IReadOnlyList<string> FilesOf(string folder) => [.. Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public async Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel)
    {
        try
        {
            var added = 0;
            foreach (var day in bids.GroupBy(b => DateOnly.FromDateTime(b.ReceivedAt.UtcDateTime)).OrderBy(day => day.Key))
            {
                added += await AppendAsync(day.Key, day, cancel);
            }

            return added;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException($"{_folder} can't be written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _lock.DisposeAsync();
    }

    private async Task<int> AppendAsync(DateOnly day, IEnumerable<RecordedBid> bids, CancellationToken cancel)
    {
        var lines = new ArrayBufferWriter<byte>();
        var ids = new HashSet<string>();
        foreach (var bid in bids.Where(b => !_recent.Contains(b.MessageId) && ids.Add(b.MessageId)))
        {
            lines.Write(new BidLine(bid.MessageId, bid.Bid, bid.ReceivedAt).ToBytes());
        }

        if (ids.Count > 0)
        {
            var file = await FileOfAsync(day);
            CutTorn(file);
            _lengthBeforeWrite = file.Seek(0, SeekOrigin.End);
            await file.WriteAsync(lines.WrittenMemory, cancel);
            file.Flush(flushToDisk: true);
            _lengthBeforeWrite = null;
        }

        foreach (var id in ids)
        {
            _recent.Add(id);
        }

        return ids.Count;
    }

    /// <summary>The open file of a day. A file that was deleted or replaced is opened anew: bids would be written to nowhere.</summary>
    private async ValueTask<FileStream> FileOfAsync(DateOnly day)
    {
        var path = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}.jsonl"));
        if (_file is null || _file.Name != Path.GetFullPath(path) || !File.Exists(path))
        {
            await CloseAsync();
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        }

        return _file;
    }

    private async ValueTask CloseAsync()
    {
        if (_file is not null)
        {
            CutTorn(_file);
            await _file.DisposeAsync();
            _file = null;
        }
    }

    /// <summary>Cuts what a failed write has left.</summary>
    private void CutTorn(FileStream file)
    {
        if (_lengthBeforeWrite is { } length)
        {
            file.SetLength(length);
            _lengthBeforeWrite = null;
        }
    }

    private async Task RecoverAsync(CancellationToken cancel)
    {
        var files = FilesOf(_folder);
        var missing = RememberedIds;
        var tails = new Stack<(string Path, long From)>();
        foreach (var path in files.Reverse())
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            await LineTail.CutAsync(file, cancel);
            if (missing > 0)
            {
                var (from, lines) = await LineTail.FindAsync(file, missing, cancel);
                tails.Push((path, from));
                missing -= lines;
            }
        }

        foreach (var (path, from) in tails)
        {
            await using var file = File.OpenRead(path);
            file.Seek(from, SeekOrigin.Begin);
            using var lines = new LineReader(file);
            while (await lines.ReadAsync(cancel) is { } line)
            {
                if (BidLine.TryRead(line.Span, out var bid, out _))
                {
                    _recent.Add(bid.MessageId);
                }
            }
        }
    }
}
