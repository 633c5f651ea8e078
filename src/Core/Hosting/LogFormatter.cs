using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace AuctionTracker.Core.Hosting;

/// <summary>
/// A line of the log as the contract writes it; text from outside is cleaned here, once, for console and file alike.
/// In the file <c>2024-06-11 20:56:06,414.consumer_v4.0.INFO text</c>, on the console <c>20:56:06 INFO text</c>; times are UTC.
/// </summary>
/// <param name="program">The program's name in the file's lines; <see langword="null"/> for the console.</param>
internal sealed class LogFormatter(string? program) : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var time = logEvent.Timestamp.UtcDateTime;
        var level = LevelOf(logEvent.Level);
        output.Write(program is null
            ? string.Create(CultureInfo.InvariantCulture, $"{time:HH:mm:ss} {level} ")
            : string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss,fff}.{program}.{level} "));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, text);
        output.WriteLine(UntrustedText.Clean(text.ToString()));
        if (program is not null && logEvent.Exception is { } unexpected)
        {
            foreach (var line in unexpected.ToString().ReplaceLineEndings("\n").Split('\n'))
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
