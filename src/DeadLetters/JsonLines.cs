using System.Text.Encodings.Web;
using System.Text.Json;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Letters;

/// <summary>The command <c>export</c>: a JSON object a letter, a line each.</summary>
internal static class JsonLines
{
    /// <summary>The file's name that means standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>Names and letters stay readable; what could move a cursor is escaped.</summary>
    public static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file that is there as a whole or not at all; to standard output, too, only when all was read.</summary>
    public static async Task WriteAsync(ProgramRun run, LetterQueue queue, Selection selection, string file, CancellationToken stop)
    {
        var draft = file == StandardOutput ? Path.GetTempFileName() : $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            var count = 0;
            await using (var lines = new FileStream(draft, FileMode.Create, FileAccess.ReadWrite))
            {
                await queue.PassAsync("Exporting", async pass =>
                {
                    lines.SetLength(0);
                    count = 0;
                    await foreach (var letter in pass.ReadAsync(selection.Includes, selection.Limit))
                    {
                        await WriteLineAsync(lines, letter, file, pass.Lost);
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

    private static async Task WriteLineAsync(FileStream lines, Letter letter, string file, CancellationToken lost)
    {
        try
        {
            await JsonSerializer.SerializeAsync(lines, letter.Describe(), Format, lost);
            lines.WriteByte((byte)'\n');
        }
        catch (IOException e)
        {
            // Said here: to the connection it would look like a loss of its own.
            throw CannotWrite(file, e);
        }
    }

    private static ProgramException CannotWrite(string file, Exception e) =>
        new($"{file} can't be written: {e.Message} The letters are where they were; export them to another place.", e);
}
