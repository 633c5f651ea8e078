using System.Diagnostics.Tracing;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// Inside a measured program: ten times a second, how many AMQP methods went out and came in so far, what was allocated and
/// what CPU time went by. The client library counts the methods by itself, whether anybody listens or not, so the samples
/// cost both sides the same, and nothing for a bid.
/// </summary>
internal sealed class SampleTaker : EventListener
{
    /// <summary>The variable with the file that gets the samples when the program ends.</summary>
    public const string FileVariable = "PUMP_SAMPLES";

    private readonly List<Sample> _samples = [];
    private double _sent;
    private double _received;

    private SampleTaker()
    {
    }

    /// <summary>This moment in seconds; the clock is the same for all processes of a machine.</summary>
    public static double Now => TimeProvider.System.GetElapsedTime(0).TotalSeconds;

    public static void Start(string file)
    {
        var taker = new SampleTaker();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => taker.Save(file);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "rabbitmq-client")
        {
            EnableEvents(
                eventSource, EventLevel.Critical, EventKeywords.None, new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" });
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.Payload is not [IDictionary<string, object?> counter])
        {
            return;
        }

        switch (counter["Name"])
        {
            case "AMQP-method-sent-rate":
                _sent += (double)counter["Increment"]!;
                break;
            case "AMQP-method-received-rate": // the last of each round
                _received += (double)counter["Increment"]!;
                Take();
                break;
        }
    }

    private void Take()
    {
        var sample = new Sample(
            Now, _sent, _received, GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime.TotalSeconds);
        lock (_samples)
        {
            _samples.Add(sample);
        }
    }

    private void Save(string file)
    {
        lock (_samples)
        {
            File.WriteAllLines(file, _samples.Select(sample => sample.ToString()));
        }
    }
}
