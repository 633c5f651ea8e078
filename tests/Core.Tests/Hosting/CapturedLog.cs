using AuctionTracker.Core.Hosting;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AuctionTracker.Core.Tests.Hosting;

/// <summary>A log that keeps its lines in memory, formatted as on the console without the time.</summary>
internal sealed class CapturedLog : ILogEventSink
{
    private readonly List<string> _lines = [];

    public CapturedLog() => Logger = new LoggerConfiguration().WriteTo.Sink(this).CreateLogger();

    public ILogger Logger { get; }

    public IReadOnlyList<string> Lines => _lines;

    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter { NewLine = "" };
        new LogFormatter(program: null).Format(logEvent, line);
        _lines.Add(line.ToString()["20:56:06 ".Length..]);
    }
}
