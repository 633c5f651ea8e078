using System.Globalization;

namespace AuctionTracker.Bench.Pump;

/// <summary>A measured program at one moment: what it did since its start.</summary>
/// <param name="Seconds">When, on a clock that all processes of the machine share.</param>
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

    /// <summary>What lies between this moment and a later one; 0 is this, 1 the later.</summary>
    public Sample Towards(Sample later, double share) => new(
        double.Lerp(Seconds, later.Seconds, share),
        double.Lerp(Sent, later.Sent, share),
        double.Lerp(Received, later.Received, share),
        double.Lerp(Bytes, later.Bytes, share),
        double.Lerp(CpuSeconds, later.CpuSeconds, share));
}
