using System.Globalization;

namespace AuctionTracker.Bench.Peers;

/// <summary>The CPU time of the brokers of this machine, containers included, as Linux counts it.</summary>
internal static class BrokerCpu
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// <summary>User and system time in seconds; <see langword="null"/> where no RabbitMQ runs on this machine, or it is no Linux.</summary>
    public static double? Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        List<double> seconds = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                // The name is in parentheses; user and system time are the 12th and 13th field after it.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                if (stat.Contains("(beam.smp)", StringComparison.Ordinal))
                {
                    seconds.Add((double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
                }
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return seconds.Count == 0 ? null : seconds.Sum();
    }
}
