using System.Buffers;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Every name on the broker, and how it is declared. Everything is durable. Queues carry no arguments, so that any client can declare
/// them plainly, unless <c>[broker] queue_type</c> is <c>"quorum"</c> or <c>single_active_consumer</c> is set. Declaring what is there
/// already changes nothing. Stateless and thread-safe.
/// </summary>
public static class AuctionTopology
{
    /// <summary>The one queue of v1, reached through the default exchange.</summary>
    public const string SingleQueue = "auction_queue";

    /// <summary>
    /// The topic exchange of v2 and later; a bid's routing key is <see cref="RoutingKeyFor"/>. Programs that look on bind queues of their
    /// own to it, with <c>#</c>.
    /// </summary>
    public const string BidsExchange = "auction_bids";

    /// <summary>
    /// The exchange of the item queues; it gets every bid of <see cref="BidsExchange"/>. A queue that looks on is bound to the other one, so
    /// that it does not make a bid routable whose item has no queue. It is a direct exchange: a second topic exchange costs RabbitMQ three
    /// times as much a bid.
    /// </summary>
    public const string ItemsExchange = "auction_items";

    /// <summary>The alternate exchange of <see cref="ItemsExchange"/>: takes the bids whose item has no queue.</summary>
    public const string UnroutedExchange = "auction_bids_unrouted";

    /// <summary>Where the bids go whose item has no queue; v2 and later consumers read it too.</summary>
    public const string DefaultQueue = "auction_queue_default";

    /// <summary>Where a message goes that cannot be processed; the reason is in its headers (<see cref="DeadLetterHeaders"/>).</summary>
    public const string DeadLetterQueue = "auction_dead_letters";

    /// <summary>
    /// The delivery limit of dead letters and recorded bids where they are in a quorum queue. Reading a message and giving it back counts
    /// as a failed delivery, and RabbitMQ 4 deletes a message after 20 of them by default. RabbitMQ 4.3 also keeps the count of a message
    /// that it dead-letters itself, so the first read would delete that one. -1 is no choice: it means no limit from RabbitMQ 4.0 on, and
    /// before that a limit of none, which deletes at the first read.
    /// </summary>
    private const int NeverReached = 1_000_000;

    /// <summary>
    /// The topic exchange of what becomes of auctions. Its routing keys are <c>sold.</c>, <c>unsold.</c>, <c>settled.</c>,
    /// <c>stock.low.</c> and <c>stock.refilled.</c> with the item as in <see cref="NameOf"/>.
    /// </summary>
    public const string SalesExchange = "auction_sales";

    /// <summary>The queue of all bids that Auctioneer reads.</summary>
    public const string AuctioneerQueue = "auction_auctioneer";

    /// <summary>The queue of sold auctions that Settlement reads.</summary>
    public const string SettlementQueue = "auction_settlement";

    /// <summary>The beginning of the names of the recorder's queues.</summary>
    public const string RecordQueuePrefix = "auction_record_";

    /// <summary>An AMQP name holds 255 bytes; this much of an item fits with every prefix.</summary>
    private const int MaxItemLength = 200;

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>The item as it stands in names: lower case, <c>_</c> for all but a–z and 0–9, at most 200 characters.</summary>
    /// <param name="item">An item's name, as people write it.</param>
    public static string NameOf(string item) =>
        item.Length <= MaxItemLength && !item.AsSpan().ContainsAnyExcept(NameCharacters) ? item : string.Create(Math.Min(item.Length, MaxItemLength), item, static (name, item) =>
        {
            for (var i = 0; i < name.Length; i++)
            {
                var c = char.ToLowerInvariant(item[i]);
                name[i] = char.IsAsciiLetterOrDigit(c) ? c : '_';
            }
        });

    /// <summary>The queue of an item: <c>auction_queue_electronics</c>.</summary>
    /// <param name="item">An item's name, as people write it.</param>
    public static string QueueFor(string item) => $"auction_queue_{NameOf(item)}";

    /// <summary>The routing key of an item's bids: <c>bid.electronics</c>.</summary>
    /// <param name="item">An item's name, as people write it.</param>
    public static string RoutingKeyFor(string item) => $"bid.{NameOf(item)}";

    /// <summary>The queues a consumer of these items reads: one an item, then <see cref="DefaultQueue"/>.</summary>
    /// <param name="items">The items; two with the same name share a queue.</param>
    public static IReadOnlyList<string> QueuesFor(IEnumerable<string> items) =>
        [.. items.Select(QueueFor).Append(DefaultQueue).Distinct()];

    /// <summary>Declares v1's queue, and the one for dead letters.</summary>
    /// <param name="channel">An open channel; the broker closes it where a queue is there with other arguments.</param>
    /// <param name="settings">Says the type of the queues.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    public static async Task DeclareSingleQueueAsync(IChannel channel, BrokerSettings settings, CancellationToken cancel)
    {
        await DeclareBidQueueAsync(channel, SingleQueue, settings, cancel);
        await DeclareDeadLettersAsync(channel, settings, cancel);
    }

    /// <summary>
    /// Declares the exchanges, a bound queue for each item, the default queue, and the one for dead letters. On a broker whose item queues
    /// are bound to <see cref="BidsExchange"/>, as earlier versions did, moves the bindings of these items; meanwhile every bid has a way.
    /// </summary>
    /// <param name="channel">An open channel; the broker closes it where something is there with other arguments.</param>
    /// <param name="items">The items that get a queue.</param>
    /// <param name="settings">Says the type of the queues.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    public static async Task DeclareItemQueuesAsync(
        IChannel channel, IReadOnlyCollection<string> items, BrokerSettings settings, CancellationToken cancel)
    {
        await channel.ExchangeDeclareAsync(UnroutedExchange, ExchangeType.Fanout, durable: true, cancellationToken: cancel);
        await DeclareBidQueueAsync(channel, DefaultQueue, settings, cancel);
        await channel.QueueBindAsync(DefaultQueue, UnroutedExchange, routingKey: "", cancellationToken: cancel);

        // The order matters: from the binding between the exchanges on, a bid that ItemsExchange cannot route goes to the default queue.
        var unroutedGoesTo = new Dictionary<string, object?> { ["alternate-exchange"] = UnroutedExchange };
        await channel.ExchangeDeclareAsync(BidsExchange, ExchangeType.Topic, durable: true, arguments: unroutedGoesTo, cancellationToken: cancel);
        await channel.ExchangeDeclareAsync(ItemsExchange, ExchangeType.Direct, durable: true, arguments: unroutedGoesTo, cancellationToken: cancel);

        foreach (var item in items)
        {
            await DeclareBidQueueAsync(channel, QueueFor(item), settings, cancel);
            await channel.QueueBindAsync(QueueFor(item), ItemsExchange, RoutingKeyFor(item), cancellationToken: cancel);
        }

        await channel.ExchangeBindAsync(ItemsExchange, BidsExchange, routingKey: "#", cancellationToken: cancel);
        foreach (var item in items)
        {
            await channel.QueueUnbindAsync(QueueFor(item), BidsExchange, RoutingKeyFor(item), cancellationToken: cancel);
        }

        await DeclareDeadLettersAsync(channel, settings, cancel);
    }

    /// <summary>
    /// Declares a recorder's queue, which gets every bid. Declare the item queues before: its binding would otherwise keep bids on other
    /// items from the default queue.
    /// </summary>
    /// <param name="channel">An open channel.</param>
    /// <param name="sink">The name of the sink that the queue feeds.</param>
    /// <param name="settings">Says the type of the queue.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    /// <returns>The queue's name.</returns>
    public static async Task<string> DeclareRecordQueueAsync(IChannel channel, string sink, BrokerSettings settings, CancellationToken cancel)
    {
        var queue = RecordQueuePrefix + sink;
        await DeclareAsync(channel, queue, WithoutDeliveryLimit(settings), cancel);
        await channel.QueueBindAsync(queue, BidsExchange, routingKey: "#", cancellationToken: cancel);
        return queue;
    }

    /// <summary>
    /// Declares the queue of all bids for Auctioneer, the exchange of sales, and the queue of sold auctions, so that a sale waits for a
    /// Settlement that does not run yet. Declare the item queues before.
    /// </summary>
    /// <param name="channel">An open channel.</param>
    /// <param name="settings">Says the type of the queues.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    public static async Task DeclareSalesAsync(IChannel channel, BrokerSettings settings, CancellationToken cancel)
    {
        await channel.ExchangeDeclareAsync(SalesExchange, ExchangeType.Topic, durable: true, cancellationToken: cancel);
        await DeclareAsync(channel, SettlementQueue, WithoutDeliveryLimit(settings), cancel);
        await channel.QueueBindAsync(SettlementQueue, SalesExchange, "sold.#", cancellationToken: cancel);
        await DeclareAsync(channel, AuctioneerQueue, WithoutDeliveryLimit(settings), cancel);
        await channel.QueueBindAsync(AuctioneerQueue, BidsExchange, routingKey: "bid.#", cancellationToken: cancel);
    }

    /// <summary>
    /// Declares a queue for a program that looks on at the exchange of sales, and the exchange. It is exclusive, goes away with its connection, and
    /// drops the oldest beyond 100,000 messages. The queues of Auctioneer and Settlement are not declared: nobody might read them.
    /// </summary>
    /// <param name="channel">An open channel.</param>
    /// <param name="viewer">The name of the program, in the queue's name.</param>
    /// <param name="routingKey">Which messages it gets, as in <c>settled.#</c>.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    /// <returns>The name of the queue.</returns>
    public static async Task<string> DeclareSalesViewerQueueAsync(IChannel channel, string viewer, string routingKey, CancellationToken cancel)
    {
        await channel.ExchangeDeclareAsync(SalesExchange, ExchangeType.Topic, durable: true, cancellationToken: cancel);
        var queue = $"auction_{viewer}_{Guid.NewGuid():n}";
        await channel.QueueDeclareAsync(
            queue, durable: false, exclusive: true, autoDelete: false, new Dictionary<string, object?> { ["x-max-length"] = 100_000 }, cancellationToken: cancel);
        await channel.QueueBindAsync(queue, SalesExchange, routingKey, cancellationToken: cancel);
        return queue;
    }

    /// <summary>
    /// Declares a queue for a program that shows every bid and keeps none. It is exclusive and goes away with its connection; beyond its
    /// length the oldest bids are dropped, so a viewer that is slow does not burden the broker; the last dropped one stays in a second queue,
    /// which tells that there was one. Declare the item queues before.
    /// </summary>
    /// <param name="channel">An open channel.</param>
    /// <param name="viewer">The name of the program, in the queue's name.</param>
    /// <param name="maxLength">The most bids that wait in it.</param>
    /// <param name="cancel">Gives up waiting for the broker.</param>
    /// <returns>The names of the queue, and of the one with the bid that was dropped last.</returns>
    public static async Task<(string Queue, string Dropped)> DeclareViewerQueueAsync(IChannel channel, string viewer, int maxLength, CancellationToken cancel)
    {
        var queue = $"auction_{viewer}_{Guid.NewGuid():n}";
        var dropped = $"{queue}_dropped";
        await DeclareAsync(dropped, new() { ["x-max-length"] = 1 });
        await DeclareAsync(queue, new() { ["x-max-length"] = maxLength, ["x-dead-letter-exchange"] = "", ["x-dead-letter-routing-key"] = dropped });
        await channel.QueueBindAsync(queue, BidsExchange, routingKey: "#", cancellationToken: cancel);
        return (queue, dropped);

        Task DeclareAsync(string name, Dictionary<string, object?> arguments) =>
            channel.QueueDeclareAsync(name, durable: false, exclusive: true, autoDelete: false, arguments, cancellationToken: cancel);
    }

    private static Task<QueueDeclareOk> DeclareBidQueueAsync(
        IChannel channel, string queue, BrokerSettings settings, CancellationToken cancel)
    {
        var arguments = TypeArgument(settings);
        if (settings.QuorumQueues)
        {
            // A quorum queue deletes a message after too many failed deliveries, unless it has a dead-letter exchange. The limit is 20
            // from RabbitMQ 4.0 on; before that there is none, unless a policy sets one. A delivery fails when its consumer's channel
            // closes before the ack, so a consumer that crashes on a message again and again reaches the limit.
            arguments["x-dead-letter-exchange"] = "";
            arguments["x-dead-letter-routing-key"] = DeadLetterQueue;
            arguments["x-dead-letter-strategy"] = "at-least-once";
            arguments["x-overflow"] = "reject-publish"; // at-least-once requires it; without a length limit it changes nothing
        }

        if (settings.SingleActiveConsumer)
        {
            arguments["x-single-active-consumer"] = true;
        }

        return DeclareAsync(channel, queue, arguments, cancel);
    }

    private static Task<QueueDeclareOk> DeclareDeadLettersAsync(IChannel channel, BrokerSettings settings, CancellationToken cancel) =>
        DeclareAsync(channel, DeadLetterQueue, WithoutDeliveryLimit(settings), cancel);

    private static Task<QueueDeclareOk> DeclareAsync(
        IChannel channel, string queue, IDictionary<string, object?> arguments, CancellationToken cancel) =>
        channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancel);

    private static Dictionary<string, object?> TypeArgument(BrokerSettings settings) =>
        settings.QuorumQueues ? new() { ["x-queue-type"] = "quorum" } : [];

    /// <summary>For messages that are read and given back, however often.</summary>
    private static Dictionary<string, object?> WithoutDeliveryLimit(BrokerSettings settings)
    {
        var arguments = TypeArgument(settings);
        if (settings.QuorumQueues)
        {
            arguments["x-delivery-limit"] = NeverReached;
        }

        return arguments;
    }
}
