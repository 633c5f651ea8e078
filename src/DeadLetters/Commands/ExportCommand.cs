using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters.Queue;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>The command <c>export</c>: JSON lines, an object for each dead letter.</summary>
internal static class ExportCommand
{
    /// <summary>The file name that stands for standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>Leaves letters of all languages as they are, and escapes control characters.</summary>
    public static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes to a temporary file first: neither the file nor standard output ever gets a part of the dead letters.</summary>
    public static async Task RunAsync(ProgramRun run, DeadLetterQueue queue, DeadLetterFilter filter, string file, CancellationToken stop)
    {
        var draft = file == StandardOutput ? Path.GetTempFileName() : $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            var count = 0;
            await using (var lines = new FileStream(draft, FileMode.Create, FileAccess.ReadWrite))
            {
                await queue.ReadAsync("Exporting", async reader =>
                {
                    lines.SetLength(0);
                    count = 0;
                    await foreach (var letter in reader.GetAsync(filter.Matches, filter.Limit))
                    {
                        await WriteLineAsync(lines, letter, file, reader.Lost);
                        count++;
                    }
                }, stop);
                lines.Flush(flushToDisk: true);
                if (file == StandardOutput)
                {
                    lines.Position = 0;
                    await using var output = Console.OpenStandardOutput();
                    await lines.CopyToAsync(output, stop);
                }
            }

            if (file != StandardOutput)
            {
                File.Move(draft, file, overwrite: true);
            }

            run.Log.Information("Dead letters written to {File}: {Count}.", file == StandardOutput ? "standard output" : file, count);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(file, e);
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    private static async Task WriteLineAsync(FileStream lines, DeadLetter letter, string file, CancellationToken lost)
    {
        try
        {
            await JsonSerializer.SerializeAsync(lines, letter.Describe(), Json, lost);
            lines.WriteByte((byte)'\n');
        }
        catch (IOException e)
        {
            // Caught here, because the connection takes an IOException for its own loss.
            throw CannotWrite(file, e);
        }
    }

    private static ProgramException CannotWrite(string file, Exception e) =>
        new($"{file} cannot be written: {e.Message} The dead letters are still in their queue; export them to another file.", e);
}
