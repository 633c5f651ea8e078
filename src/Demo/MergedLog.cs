using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using AuctionTracker.Core.Hosting;
using Serilog;

namespace AuctionTracker.Demo;

/// <summary>What the programs write to their log files during a run. At the end it is merged into one file, in order of time.</summary>
internal sealed class MergedLog : IAsyncDisposable
{
    public const string FileName = "all.log";

    /// <summary>Threads of a program may write their lines in another order than that of their times, a few milliseconds apart.</summary>
    private const int MaxOutOfOrder = 1_000;

    private const string TimeForm = "yyyy-MM-dd HH:mm:ss,fff";

    private readonly string _folder;
    private readonly ILogger _log;
    private readonly Dictionary<string, long> _lengths;

    /// <summary>Notes where the log files end now: what they have already is left out.</summary>
    public MergedLog(ProgramRun run)
    {
        (_folder, _log) = (run.Settings.Run.Logs, run.Log);
        _lengths = FilesOf(_folder).ToDictionary(file => file.FullName, file => file.Length);
    }

    /// <summary>Writes the file; it appears when it is complete.</summary>
    public async ValueTask DisposeAsync()
    {
        var path = Path.Combine(_folder, FileName);
        try
        {
            await WriteAsync(path, CancellationToken.None);
            _log.Information("All lines in order of time: {File}", path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.Warning("{File} can't be written: {Text}", path, e.Message);
            File.Delete($"{path}.draft");
        }
    }

    private async Task WriteAsync(string path, CancellationToken cancel)
    {
        var draft = $"{path}.draft";
        await using (var output = new StreamWriter(draft, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
        {
            var logs = FilesOf(_folder).Select(file => ReadAsync(file.FullName, _lengths.GetValueOrDefault(file.FullName), cancel).GetAsyncEnumerator(cancel)).ToList();
            var next = new PriorityQueue<IAsyncEnumerator<Entry>, DateTime>();
            var recent = new PriorityQueue<Entry, (DateTime, long)>();
            foreach (var log in logs)
            {
                await EnqueueAsync(log);
            }

            for (var number = 0L; next.TryDequeue(out var earliest, out _); number++)
            {
                recent.Enqueue(earliest.Current, (earliest.Current.Time, number));
                await EnqueueAsync(earliest);
                if (recent.Count > MaxOutOfOrder)
                {
                    await output.WriteAsync(recent.Dequeue().Text.AsMemory(), cancel);
                }
            }

            while (recent.TryDequeue(out var entry, out _))
            {
                await output.WriteAsync(entry.Text.AsMemory(), cancel);
            }

            async Task EnqueueAsync(IAsyncEnumerator<Entry> log)
            {
                if (await log.MoveNextAsync())
                {
                    next.Enqueue(log, log.Current.Time);
                }
                else
                {
                    await log.DisposeAsync();
                }
            }
        }

        File.Move(draft, path, overwrite: true);
    }

    private static IEnumerable<FileInfo> FilesOf(string folder) =>
        new DirectoryInfo(folder) is { Exists: true } found ? found.GetFiles("*.log").Where(file => file.Name != FileName) : [];

    /// <summary>The entries of a file from a place on. A line that begins with no time, as in the trace of an error, belongs to the one before.</summary>
    private static async IAsyncEnumerable<Entry> ReadAsync(string path, long from, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = from <= file.Length ? from : 0; // a shorter file is a new one of that name
        using var lines = new StreamReader(file);
        var (time, text) = (DateTime.MinValue, new StringBuilder());
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (line.Length >= TimeForm.Length &&
                DateTime.TryParseExact(line.AsSpan(0, TimeForm.Length), TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var written))
            {
                if (text.Length > 0)
                {
                    yield return new Entry(time, text.ToString());
                }

                time = written;
                text.Clear();
            }

            text.Append(line).Append('\n');
        }

        if (text.Length > 0)
        {
            yield return new Entry(time, text.ToString());
        }
    }

    private readonly record struct Entry(DateTime Time, string Text);
}
