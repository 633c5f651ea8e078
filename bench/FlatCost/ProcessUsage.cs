using System.Globalization;

namespace AuctionTracker.Bench.FlatCost;

/// <summary>CPU time and peak memory of a running process, as Linux counts them. Reads them ten times a second, until the process ends.</summary>
internal sealed class ProcessUsage
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>User and system time in seconds, start-up included.</summary>
    public double Seconds { get; private set; }

    /// <summary>The largest resident memory in MiB.</summary>
    public double PeakMemory { get; private set; }

    public static async Task<ProcessUsage> UntilEndAsync(int process, Task exited, TimeProvider time, CancellationToken stop)
    {
        var usage = new ProcessUsage();
        using var timer = new PeriodicTimer(Poll, time);
        do
        {
            usage.Read(process);
        }
        while (!exited.IsCompleted && await timer.WaitForNextTickAsync(stop));
        return usage;
    }

    private void Read(int process)
    {
        try
        {
            // The name is in parentheses; user and system time are the 12th and 13th field after it.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var peak = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (peak is not null)
            {
                Seconds = (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
                PeakMemory = double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
            }
        }
        catch (IOException)
        {
            // It ended while we looked.
        }
    }
}
