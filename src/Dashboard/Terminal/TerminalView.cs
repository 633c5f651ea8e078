using AuctionTracker.Dashboard.Views;
using Spectre.Console;

namespace AuctionTracker.Dashboard.Terminal;

/// <summary>The figures in the terminal, as large as it is. Where standard output is not a terminal: a line every second.</summary>
internal static class TerminalView
{
    private const string AlternateScreen = "\u001b[?1049h\u001b[H\u001b[2J";
    private const string NormalScreen = "\u001b[?1049l";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Shows the figures until <paramref name="stop"/>. The terminal's content from before comes back at the end.</summary>
    public static Task RunAsync(ViewTicker ticker, CancellationToken stop) => Console.IsOutputRedirected ? WriteLinesAsync(ticker, stop) : ShowAsync(ticker, stop);

    private static async Task ShowAsync(ViewTicker ticker, CancellationToken stop)
    {
        // Log lines would break the picture; the log file has them.
        var output = Console.Out;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        Console.SetOut(TextWriter.Null);
        await output.WriteAsync(AlternateScreen.AsMemory(), CancellationToken.None);
        try
        {
            await console.Live(Text.Empty).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
            {
                while (!stop.IsCancellationRequested)
                {
                    var (width, height) = (console.Profile.Width, console.Profile.Height);
                    live.UpdateTarget(new Screen(ScreenLayout.Create(ticker.View, width, height), width, height - 1));
                    await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            });
        }
        finally
        {
            await output.WriteAsync(NormalScreen.AsMemory(), CancellationToken.None);
            Console.SetOut(output);
        }
    }

    private static async Task WriteLinesAsync(ViewTicker ticker, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(2 * Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (live, status) = (ticker.View.Live, ticker.View.Status);
            await Console.Out.WriteLineAsync(
                $"{Show.Count(live.Amounts.Bids)} bids, {Show.Rate(live.Rate)} a second, {Show.Money(live.Amounts.Total)} in all, highest {(live.Highest is null ? "–" : Show.Money(live.Amounts.Highest))}, " +
                $"high {Show.Count(live.Amounts.High)}, bad {Show.Count(status.Unreadable)}{(status.IsConnected ? "" : ", RabbitMQ is away")}");
        }
    }
}
