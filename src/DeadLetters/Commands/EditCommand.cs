using System.ComponentModel;
using System.Diagnostics;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.DeadLetters.Queue;
using Spectre.Console;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>The command <c>edit</c>: opens the body of a dead letter in an editor, then replays it with the saved body.</summary>
internal static class EditCommand
{
    private const string Gone = "is gone: someone else has replayed or deleted it.";

    public static async Task RunAsync(
        ProgramRun run, DeadLetterQueue queue, DeadLetterFilter filter, Destination? to, bool isForced, CancellationToken stop)
    {
        var selection = (await DeadLetterSelection.ReadAsync(queue, filter, stop)).First();
        selection.Destinations(to);
        if (await selection.LoadAsync(queue, stop) is not [var letter])
        {
            throw new ProgramException($"Dead letter {filter.Ids[0]} {Gone} The command list shows the others.");
        }

        // While the editor is open, the dead letter is back in its queue and there is no connection.
        var file = Path.Combine(Directory.CreateTempSubdirectory("auction-letter-").FullName, "bid.json");
        await File.WriteAllBytesAsync(file, letter.Body.ToArray(), stop);
        if (await EditAsync(file, letter.Body, isForced, stop) is not { } body)
        {
            run.Log.Information("Nothing was changed, and nothing sent.");
        }
        else
        {
            await ReplayCommand.SendAsync(run, queue, selection, to, body, stop);
            if (run.Counts.Confirmed.Value == 0)
            {
                var outcome = run.Counts.Received.Value == 0 ? Gone : "was not sent and is still in its queue.";
                throw new ProgramException($"Dead letter {letter.Key.Id} {outcome} Your text is in {file}.");
            }
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    /// <summary>The body as it was saved, or <see langword="null"/> if it was not changed.</summary>
    private static async Task<byte[]?> EditAsync(string file, ReadOnlyMemory<byte> before, bool isForced, CancellationToken stop)
    {
        while (true)
        {
            await OpenAsync(file, stop);
            var body = WithoutFinalNewline(await File.ReadAllBytesAsync(file, stop), before.Span);
            if (before.Span.SequenceEqual(body))
            {
                return null;
            }

            if (isForced || BidJson.TryRead(body, out _, out var reason))
            {
                return body;
            }

            var error = $"This is not a valid bid: {reason}.";
            if (Console.IsInputRedirected ||
                !await AnsiConsole.ConfirmAsync($"{error.EscapeMarkup()} Edit again?", defaultValue: true, stop))
            {
                throw new ProgramException($"{error} Nothing was sent. Your text is in {file}; --force sends such a body.");
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
            using var editing = Process.Start(StartInfo(editor, file))!;
            await editing.WaitForExitAsync(stop);
            if (editing.ExitCode != 0)
            {
                throw new ProgramException(
                    $"The editor '{editor}' ended with {editing.ExitCode}. Nothing was sent. Name another one in VISUAL or EDITOR.");
            }
        }
        catch (Win32Exception e)
        {
            throw new ProgramException($"The editor '{editor}' cannot be started: {e.Message}. Name another one in VISUAL or EDITOR.", e);
        }
    }

    /// <summary>An editor is the path of a program, which may contain blanks, or a command line, as in <c>code --wait</c>.</summary>
    private static ProcessStartInfo StartInfo(string editor, string file) =>
        Path.IsPathRooted(editor) && File.Exists(editor) ? new(editor, [file])
        : OperatingSystem.IsWindows() ? new("cmd.exe", $"/s /c \"{editor} \"{file}\"\"") // /s: cmd removes the outer quotes, and only those
        : new("sh", ["-c", $"{editor} \"$1\"", "sh", file]);

    /// <summary>Many editors end the last line, which the body did not have.</summary>
    private static byte[] WithoutFinalNewline(byte[] saved, ReadOnlySpan<byte> before) =>
        before.EndsWith("\n"u8) ? saved : saved switch
        {
            [.. var body, (byte)'\r', (byte)'\n'] => body,
            [.. var body, (byte)'\n'] => body,
            _ => saved,
        };
}
