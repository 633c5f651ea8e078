using System.Globalization;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// What a program did, by message. The sums hold at the end of every program: sent = confirmed + returned + failed, and
/// received = handled + dead-lettered + unacked. Thread-safe, but for <see cref="Append"/>.
/// </summary>
public sealed class Counts
{
    /// <summary>Messages handed to the broker, each counted once however often it had to be sent.</summary>
    public Count Sent { get; } = new("sent");

    /// <summary>Messages the broker has taken over.</summary>
    public Count Confirmed { get; } = new("confirmed");

    /// <summary>Messages that came back because no queue takes them.</summary>
    public Count Returned { get; } = new("returned");

    /// <summary>Messages the broker had not taken over when the program ended.</summary>
    public Count Failed { get; } = new("failed");

    /// <summary>Deliveries that were taken up; one that is delivered again counts again.</summary>
    public Count Received { get; } = new("received");

    /// <summary>Deliveries whose bid was handled, and that were acked.</summary>
    public Count Handled { get; } = new("handled");

    /// <summary>Deliveries that were published to the dead letters, and acked.</summary>
    public Count DeadLettered { get; } = new("dead-lettered");

    /// <summary>Deliveries that were not acked when their connection ended: RabbitMQ delivers them again.</summary>
    public Count Unacked { get; } = new("unacked");

    /// <summary>Rows of a file that hold no bid.</summary>
    public Count BadRows { get; } = new("bad rows");

    /// <summary>The counts of a feature, printed after the program's own.</summary>
    internal List<Count> Appended { get; } = [];

    /// <summary>Adds the counts of a feature to those that the program prints at its end.</summary>
    /// <param name="counts">The counts, in the order they are printed.</param>
    public void Append(params IEnumerable<Count> counts) => Appended.AddRange(counts);

    /// <summary>One figure. Thread-safe.</summary>
    /// <param name="name">What it counts, as it is printed.</param>
    public sealed class Count(string name)
    {
        private long _value;

        /// <summary>What it counts, as it is printed.</summary>
        public string Name => name;

        /// <summary>The figure.</summary>
        public long Value => Interlocked.Read(ref _value);

        /// <summary>Adds to the figure.</summary>
        /// <param name="amount">How much.</param>
        public void Add(long amount) => Interlocked.Add(ref _value, amount);

        /// <summary>As in <c>sent 50</c>.</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{name} {Value}");
    }
}
