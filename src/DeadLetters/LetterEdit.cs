using System.ComponentModel;
using System.Diagnostics;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Letters;

/// <summary>The command <c>edit</c>: a letter's body in an editor, then the letter on its way.</summary>
internal static class LetterEdit
{
    private const string Gone = "is gone: somebody else has replayed or deleted it.";

    public static async Task RunAsync(
        ProgramRun run, LetterQueue queue, Selection selection, Destination? to, bool isForced, CancellationToken stop)
    {
        var survey = (await Survey.TakeAsync(queue, selection, stop)).First();
        survey.Destinations(to);
        if (await LetterPage.FindAsync(queue, survey, stop) is not [var letter])
        {
            throw new ProgramException($"Letter {selection.Ids[0]} {Gone} The command list shows what there is.");
        }

        // The letter is back in its queue while somebody thinks, and no connection waits for them.
        var file = Path.Combine(Directory.CreateTempSubdirectory("auction-letter-").FullName, "bid.json");
        await File.WriteAllBytesAsync(file, letter.Body.ToArray(), stop);
        if (await EditAsync(file, letter.Body, isForced, stop) is not { } body)
        {
            run.Log.Information("Nothing was changed, and nothing sent.");
        }
        else
        {
            await LetterReplay.SendAsync(run, queue, survey, to, body, stop);
            if (run.Counts.Confirmed.Value == 0)
            {
                throw new ProgramException($"Letter {letter.Key.Id} {(run.Counts.Received.Value == 0 ? Gone : "is where it was.")} Your text is in {file}.");
            }
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>The body as it was saved, or <see langword="null"/> where it is the old one.</summary>
    private static async Task<byte[]?> EditAsync(string file, ReadOnlyMemory<byte> before, bool isForced, CancellationToken stop)
    {
        while (true)
        {
            await OpenAsync(file, stop);
            var body = WithoutEditorsNewline(await File.ReadAllBytesAsync(file, stop), before.Span);
            if (before.Span.SequenceEqual(body))
            {
                return null;
            }

            if (isForced || BidJson.TryRead(body, out _, out var reason))
            {
                return body;
            }

            if (Console.IsInputRedirected ||
                !(await Question.AskAsync($"That is no bid: {reason}. Edit again? (y/n): ", stop)).StartsWith("y", StringComparison.OrdinalIgnoreCase))
            {
                throw new ProgramException($"That is no bid: {reason}. It was not sent, and the letter is where it was; your text is in {file}. --force sends such a body.");
            }
        }
    }

    private static async Task OpenAsync(string file, CancellationToken stop)
    {
        var editor = Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual
            : Environment.GetEnvironmentVariable("EDITOR") is { Length: > 0 } plain ? plain
            : OperatingSystem.IsWindows() ? "notepad"
            : "vi";
        try
        {
            // By way of the shell, as git does it: an editor may come with arguments of its own.
            using var editing = OperatingSystem.IsWindows()
                ? Process.Start("cmd", ["/c", editor, file])
                : Process.Start("sh", ["-c", $"{editor} \"$1\"", "sh", file]);
            await editing.WaitForExitAsync(stop);
            if (editing.ExitCode != 0)
            {
                throw new ProgramException($"The editor '{editor}' ended with {editing.ExitCode}. Nothing was sent. Name another one in VISUAL or EDITOR.");
            }
        }
        catch (Win32Exception e)
        {
            throw new ProgramException($"The editor '{editor}' can't be started: {e.Message}. Name another one in VISUAL or EDITOR.", e);
        }
    }

    /// <summary>Many editors end the last line, which a message's body has no need of.</summary>
    private static byte[] WithoutEditorsNewline(byte[] saved, ReadOnlySpan<byte> before) =>
        saved is [.. var body, (byte)'\n'] && !before.EndsWith("\n"u8) ? body : saved;
}
