using System.Diagnostics;
using Serilog;

namespace AuctionTracker.Core.Hosting;

/// <summary>RabbitMQ's admin site, and the question whether to open it.</summary>
internal static class AdminSite
{
    private const string Queues = "http://localhost:15672/#/queues";

    /// <summary>Opens the site if the answer is yes; asks for one only where someone sits at a terminal.</summary>
    public static async Task OfferAsync(bool? answer, ILogger log, CancellationToken stop)
    {
        if (answer is null && !Console.IsInputRedirected)
        {
            await Console.Out.WriteAsync("Would you like to monitor RabbitMQ queues? (y/n): ".AsMemory(), stop);

            // The read itself can't be cancelled; Ctrl+C leaves it behind.
            var line = await Task.Run(Console.ReadLine, stop).WaitAsync(stop);
            answer = line?.Trim().StartsWith("y", StringComparison.OrdinalIgnoreCase);
        }

        if (answer == true)
        {
            Open(log);
        }
    }

    private static void Open(ILogger log)
    {
        var browser = Environment.GetEnvironmentVariable("BROWSER") is { Length: > 0 } named ? named
            : OperatingSystem.IsMacOS() ? "open"
            : OperatingSystem.IsWindows() ? null
            : "xdg-open";
        var start = browser is null
            ? new ProcessStartInfo(Queues) { UseShellExecute = true }
            : new ProcessStartInfo(browser, [Queues]) { RedirectStandardError = true, RedirectStandardOutput = true };
        try
        {
            using var opened = Process.Start(start);
            log.Information("Opened RabbitMQ Admin site.");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            log.Warning("No browser can be opened from here. Open {Site} yourself.", Queues);
        }
    }
}
