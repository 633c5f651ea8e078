using System.Globalization;

namespace AuctionTracker.Bench.Pump;

/// <summary>The counters of a measured program at one moment, since its start.</summary>
/// <param name="Seconds">Time of the sample, as in <see cref="CounterSampler.Now"/>.</param>
/// <param name="Sent">AMQP methods sent. A published bid is one; an ack is one.</param>
/// <param name="Received">AMQP methods received. A delivered bid is one; a confirm is one.</param>
/// <param name="Bytes">Bytes allocated.</param>
/// <param name="CpuSeconds">CPU time, user and system.</param>
internal readonly record struct Sample(double Seconds, double Sent, double Received, double Bytes, double CpuSeconds)
{
    public static Sample Parse(string line)
    {
        double[] figures = [.. line.Split(';').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))];
        return new(figures[0], figures[1], figures[2], figures[3], figures[4]);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Seconds};{Sent};{Received};{Bytes};{CpuSeconds}");

    /// <summary>Interpolates between this sample (0) and a later one (1).</summary>
    public Sample InterpolateTo(Sample later, double fraction) => new(
        double.Lerp(Seconds, later.Seconds, fraction),
        double.Lerp(Sent, later.Sent, fraction),
        double.Lerp(Received, later.Received, fraction),
        double.Lerp(Bytes, later.Bytes, fraction),
        double.Lerp(CpuSeconds, later.CpuSeconds, fraction));
}
