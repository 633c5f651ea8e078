using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace AuctionTracker.Sales.Tests;

/// <summary>A log that keeps its lines.</summary>
internal sealed class TestLog : ILogEventSink
{
    private readonly List<string> _texts = [];

    public TestLog() => Logger = new LoggerConfiguration().WriteTo.Sink(this).CreateLogger();

    public Logger Logger { get; }

    public IReadOnlyList<string> Texts => _texts;

    public void Emit(LogEvent logEvent)
    {
        lock (_texts)
        {
            _texts.Add(logEvent.RenderMessage(CultureInfo.InvariantCulture).Replace("\"", "", StringComparison.Ordinal)); // Serilog quotes texts
        }
    }
}
