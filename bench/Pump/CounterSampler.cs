using System.Diagnostics.Tracing;

namespace AuctionTracker.Bench.Pump;

/// <summary>
/// Runs inside a measured program and takes a <see cref="Sample"/> ten times a second. The RabbitMQ client counts AMQP methods
/// whether anyone listens or not, so sampling costs both contenders the same, and nothing per bid.
/// </summary>
internal sealed class CounterSampler : EventListener
{
    /// <summary>The environment variable with the path of the sample file. The file is written when the program ends.</summary>
    public const string FileVariable = "PUMP_SAMPLES";

    private readonly List<Sample> _samples = [];
    private double _sent;
    private double _received;

    private CounterSampler()
    {
    }

    /// <summary>The monotonic clock of this machine in seconds. All processes share it.</summary>
    public static double Now => TimeProvider.System.GetElapsedTime(0).TotalSeconds;

    public static void Start(string file)
    {
        var sampler = new CounterSampler();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => sampler.Save(file);
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "rabbitmq-client")
        {
            var interval = new Dictionary<string, string?> { ["EventCounterIntervalSec"] = "0.1" };
            EnableEvents(eventSource, EventLevel.Critical, EventKeywords.None, interval);
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
            case "AMQP-method-received-rate": // the last counter of each interval
                _received += (double)counter["Increment"]!;
                Add();
                break;
        }
    }

    private void Add()
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
