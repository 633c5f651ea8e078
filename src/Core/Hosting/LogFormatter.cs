using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace AuctionTracker.Core.Hosting;

/// <summary>
/// Formats log lines and escapes untrusted text in them. A line of the file is <c>2024-06-11 20:56:06,414.consumer_v4.0.INFO text</c>,
/// a line of the console <c>20:56:06 INFO text</c>. Times are UTC. Only the file gets the stack trace of an exception. A line about a part
/// of a program begins with the part's name and a colon.
/// </summary>
/// <param name="program">The program's name for lines of the file; <see langword="null"/> for the console.</param>
internal sealed class LogFormatter(string? program) : ITextFormatter
{
    /// <summary>The property with the name of the part.</summary>
    public const string Part = "Part";

    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var time = logEvent.Timestamp.UtcDateTime;
        var level = LevelOf(logEvent.Level);
        output.Write(program is null
            ? string.Create(CultureInfo.InvariantCulture, $"{time:HH:mm:ss} {level} ")
            : string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss,fff}.{program}.{level} "));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        if (logEvent.Properties.TryGetValue(Part, out var part))
        {
            part.Render(text, format: "l", CultureInfo.InvariantCulture);
            text.Write(": ");
        }

        Message.Format(logEvent, text);
        output.WriteLine(UntrustedText.Clean(text.ToString()));
        if (program is not null && logEvent.Exception is { } exception)
        {
            foreach (var line in exception.ToString().ReplaceLineEndings("\n").Split('\n'))
            {
                output.WriteLine(UntrustedText.Clean(line));
            }
        }
    }

    private static string LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        LogEventLevel.Fatal => "CRITICAL",
        _ => "DEBUG",
    };
}
