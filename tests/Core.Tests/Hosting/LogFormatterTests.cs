using AuctionTracker.Core.Hosting;
using AuctionTracker.Support;
using Serilog.Events;
using Serilog.Parsing;
using Xunit;

namespace AuctionTracker.Core.Tests.Hosting;

public sealed class LogFormatterTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2024, 6, 11, 22, 56, 6, TimeSpan.FromHours(2)).AddMilliseconds(414);

    [Fact]
    public void A_line_of_the_file_has_time_in_UTC_program_level_and_text() =>
        Assert.Equal(
            "2024-06-11 20:56:06,414.consumer_v4.0.INFO Received art message: 222.59 at 2024-06-12T03:56:06.410536+00:00\n",
            LineOf("consumer_v4.0", "Received {Item} message: {Bid}", ("Item", "art"), ("Bid", Some.Bid().ToString())));

    [Fact]
    public void A_line_of_the_console_has_time_level_and_text() =>
        Assert.Equal("20:56:06 INFO Starting consumer. Waiting for messages...\n", LineOf(null, "Starting consumer. Waiting for messages..."));

    [Theory]
    [InlineData(LogEventLevel.Verbose, "DEBUG")]
    [InlineData(LogEventLevel.Debug, "DEBUG")]
    [InlineData(LogEventLevel.Information, "INFO")]
    [InlineData(LogEventLevel.Warning, "WARNING")]
    [InlineData(LogEventLevel.Error, "ERROR")]
    [InlineData(LogEventLevel.Fatal, "CRITICAL")]
    public void Levels_have_the_names_of_the_reference_programs(LogEventLevel level, string name) =>
        Assert.Equal($"2024-06-11 20:56:06,414.producer_v1.0.{name} Hello\n", LineOf("producer_v1.0", EventOf(level, null, "Hello")));

    [Theory]
    [InlineData(null)]
    [InlineData("consumer_v4.0")]
    public void Untrusted_text_breaks_no_line_and_moves_no_cursor(string? program) =>
        Assert.EndsWith(
            "INFO Received art\\u000d\\u000a2024-06-11 FAKE\\u001b[2J\\u202e message: \"{Bid}\"\n",
            LineOf(program, "Received {Item} message: {Bid}", ("Item", "art\r\n2024-06-11 FAKE\e[2J\u202e"), ("Bid", "\"{Bid}\"")),
            StringComparison.Ordinal);

    [Fact]
    public void Numbers_do_not_depend_on_the_culture() =>
        Assert.EndsWith(" 1234.5 0.5 s\n", LineOf(null, "{Amount} {Seconds:0.0} s", ("Amount", 1234.5m), ("Seconds", 0.5)), StringComparison.Ordinal);

    [Fact]
    public void The_file_has_the_details_of_an_exception_and_the_console_does_not()
    {
        var failure = EventOf(LogEventLevel.Fatal, new InvalidOperationException("broken"), "This should not happen.");

        Assert.Equal(
            "2024-06-11 20:56:06,414.producer_v1.0.CRITICAL This should not happen.\nSystem.InvalidOperationException: broken\n",
            LineOf("producer_v1.0", failure));
        Assert.Equal("20:56:06 CRITICAL This should not happen.\n", LineOf(null, failure));
    }

    [Fact]
    public void The_details_of_an_exception_move_no_cursor() =>
        Assert.DoesNotContain('\e', LineOf("producer_v1.0", EventOf(LogEventLevel.Fatal, new InvalidOperationException("\e[2J"), "Hello")));

    private static string LineOf(string? program, string template, params (string Name, object Value)[] properties) =>
        LineOf(program, EventOf(LogEventLevel.Information, null, template, properties));

    private static string LineOf(string? program, LogEvent logEvent)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new LogFormatter(program).Format(logEvent, text);
        return text.ToString();
    }

    private static LogEvent EventOf(
        LogEventLevel level, Exception? exception, string template, params (string Name, object Value)[] properties) =>
        new(
            Time, level, exception, new MessageTemplateParser().Parse(template),
            properties.Select(p => new LogEventProperty(p.Name, new ScalarValue(p.Value))));
}
