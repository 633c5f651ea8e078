using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;

namespace AuctionTracker.Replay;

/// <summary>Opens a file, or standard input, as UTF-8 text.</summary>
internal static class InputFile
{
    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>
    /// Opens a file. Its first bytes tell whether it is compressed with gzip, and whether it is UTF-16. A byte order mark may remain.
    /// </summary>
    public static async Task<Stream> OpenAsync(string path, CancellationToken stop)
    {
        var bytes = path == StandardInput
            ? Console.OpenStandardInput()
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, useAsync: true);
        var (text, start) = await PeekAsync(bytes, stop);
        if (start is [0x1F, 0x8B])
        {
            (text, start) = await PeekAsync(new GZipStream(text, CompressionMode.Decompress), stop);
        }

        return start switch
        {
            [0xFF, 0xFE] => Encoding.CreateTranscodingStream(text, Encoding.Unicode, Encoding.UTF8),
            [0xFE, 0xFF] => Encoding.CreateTranscodingStream(text, Encoding.BigEndianUnicode, Encoding.UTF8),
            _ => text,
        };
    }

    /// <summary>The first two bytes of a stream, and a stream that still begins with them.</summary>
    private static async Task<(Stream Stream, byte[] Start)> PeekAsync(Stream stream, CancellationToken stop)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 1 << 16));

        // A read of standard input ignores its token.
        var result = await pipe.ReadAtLeastAsync(2, CancellationToken.None).AsTask().WaitAsync(stop);
        byte[] start = [.. result.Buffer.FirstSpan[..Math.Min(2, result.Buffer.FirstSpan.Length)]];
        pipe.AdvanceTo(result.Buffer.Start);
        return (pipe.AsStream(), start);
    }
}
