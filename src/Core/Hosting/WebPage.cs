using System.Diagnostics;
using Serilog;

namespace AuctionTracker.Core.Hosting;

/// <summary>The question whether to open a page in a browser.</summary>
public static class WebPage
{
    private const string Queues = "http://localhost:15672/#/queues";

    /// <summary>Offers RabbitMQ's admin site.</summary>
    /// <param name="answer">The answer, or <see langword="null"/> to ask.</param>
    /// <param name="log">Gets a line when it is open.</param>
    /// <param name="stop">Ends the question.</param>
    internal static Task OfferAdminSiteAsync(bool? answer, ILogger log, CancellationToken stop) =>
        OfferAsync("Would you like to monitor RabbitMQ queues? (y/n): ", Queues, "Opened RabbitMQ Admin site.", answer, log, stop);

    /// <summary>Opens a page if the answer is yes. Asks for one only where standard input is a terminal.</summary>
    /// <param name="question">The question, as it is shown.</param>
    /// <param name="address">The address of the page.</param>
    /// <param name="opened">The line that is logged when it is open.</param>
    /// <param name="answer">The answer, or <see langword="null"/> to ask.</param>
    /// <param name="log">Gets a line when it is open, or when no browser can be opened.</param>
    /// <param name="stop">Ends the question.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop before there was an answer.</exception>
    public static async Task OfferAsync(string question, string address, string opened, bool? answer, ILogger log, CancellationToken stop)
    {
        if (answer is null && !Console.IsInputRedirected)
        {
            await Console.Out.WriteAsync(question.AsMemory(), stop);

            // The read itself can't be cancelled; Ctrl+C leaves it behind.
            var line = await Task.Run(Console.ReadLine, stop).WaitAsync(stop);
            answer = line?.Trim().StartsWith("y", StringComparison.OrdinalIgnoreCase);
        }

        if (answer == true)
        {
            Open(address, opened, log);
        }
    }

    private static void Open(string address, string message, ILogger log)
    {
        var browser = Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } named ? named
            : OperatingSystem.IsMacOS() ? "open"
            : OperatingSystem.IsWindows() ? null
            : "xdg-open";
        var start = browser is null
            ? new ProcessStartInfo(address) { UseShellExecute = true }
            : new ProcessStartInfo(browser, [address]) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var opened = Process.Start(start);
            log.Information("{Text}", message);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            log.Warning("No browser can be opened from here. Open {Site} yourself.", address);
        }
    }
}
