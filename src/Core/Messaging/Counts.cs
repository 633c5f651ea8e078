using System.Globalization;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// How many messages a program sent and received, and how each ended. At the end of every program sent = confirmed + returned + failed,
/// and received = handled + dead-lettered + unacked. Thread-safe, except for <see cref="Append"/>.
/// </summary>
public sealed class Counts
{
    /// <summary>Messages published; a message that is published again after a lost connection counts once.</summary>
    public Count Sent { get; } = new("sent");

    /// <summary>Messages the broker confirmed with an ack.</summary>
    public Count Confirmed { get; } = new("confirmed");

    /// <summary>Messages the broker returned as unroutable.</summary>
    public Count Returned { get; } = new("returned");

    /// <summary>Messages that were unconfirmed when the program ended.</summary>
    public Count Failed { get; } = new("failed");

    /// <summary>Deliveries whose processing began, without those that are only prefetched. A redelivery counts again.</summary>
    public Count Received { get; } = new("received");

    /// <summary>Deliveries that were acked after their handler succeeded.</summary>
    public Count Handled { get; } = new("handled");

    /// <summary>Deliveries that were acked after their dead letter was confirmed.</summary>
    public Count DeadLettered { get; } = new("dead-lettered");

    /// <summary>Received deliveries that were not acked when their connection closed; RabbitMQ redelivers them.</summary>
    public Count Unacked { get; } = new("unacked");

    /// <summary>Rows of a file that are not a valid bid.</summary>
    public Count BadRows { get; } = new("bad rows");

    /// <summary>Counts that are printed after the program's own.</summary>
    internal List<Count> Appended { get; } = [];

    /// <summary>Adds counts that the program prints at its end, after its own.</summary>
    /// <param name="counts">The counts, in the order they are printed.</param>
    public void Append(params IEnumerable<Count> counts) => Appended.AddRange(counts);

    /// <summary>A named counter. Thread-safe.</summary>
    /// <param name="name">The name it is printed with.</param>
    public sealed class Count(string name)
    {
        private long _value;

        /// <summary>The name it is printed with.</summary>
        public string Name => name;

        /// <summary>The current value.</summary>
        public long Value => Interlocked.Read(ref _value);

        /// <summary>Adds to the value.</summary>
        /// <param name="amount">The amount to add.</param>
        public void Add(long amount) => Interlocked.Add(ref _value, amount);

        /// <summary>Name and value, as in <c>sent 50</c>.</summary>
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{name} {Value}");
    }
}
