using AuctionTracker.Core.Messaging;
using AuctionTracker.Storage;
using RabbitMQ.Client;
using Serilog;

namespace AuctionTracker.Sales.State;

/// <summary>
/// Publishes the messages of an outbox to <see cref="AuctionTopology.SalesExchange"/>, in order, and deletes each after its publisher confirm. One
/// that was confirmed when the program died goes out again with the same <c>message_id</c>.
/// </summary>
/// <param name="database">Has the outbox.</param>
/// <param name="program">The name of the program: the beginning of the outbox's name, and the <c>app_id</c> of the messages.</param>
/// <param name="log">Gets a line when the outbox can't be read.</param>
/// <param name="time">The clock.</param>
public sealed class OutboxPublisher(IDatabase database, string program, ILogger log, TimeProvider time)
{
    private const int BatchSize = 200;

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);
    private static readonly CreateChannelOptions Confirmed = new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly MessageOutbox _outbox = new(program);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
    private TaskCompletionSource _added = NewSignal();

    /// <summary>The number of messages that the broker confirmed.</summary>
    public Counts.Count Announced { get; } = new("announced");

    /// <summary>Says that there are messages.</summary>
    public void Wake() => Interlocked.Exchange(ref _added, NewSignal()).TrySetResult();

    /// <summary>Publishes until <paramref name="end"/>, and then what is left.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="end">Requests the end.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    public async Task RunAsync(IConnection connection, CancellationToken end, CancellationToken lost)
    {
        using var endOrLost = CancellationTokenSource.CreateLinkedTokenSource(end, lost);
        await using var channel = await connection.CreateChannelAsync(Confirmed, lost);
        for (var (attempt, isOver) = (0, false); !isOver;)
        {
            isOver = end.IsCancellationRequested;
            var added = Volatile.Read(ref _added).Task;
            try
            {
                while (await _outbox.ReadAsync(database, BatchSize, lost) is { Count: > 0 } messages)
                {
                    await Task.WhenAll(messages.Select(message => PublishAsync(channel, message.Message, lost)));
                    await _outbox.DeleteAsync(database, messages, lost);
                    Announced.Add(messages.Count);
                }

                attempt = 0;
            }
            catch (IOException e)
            {
                log.Error("{Text} Messages wait until it succeeds.", e.Message);
                await Task.Delay(_backoff.After(++attempt), time, lost);
                continue;
            }

            if (!isOver)
            {
                await Task.WhenAny(added, Task.Delay(PollInterval, time, endOrLost.Token));
                lost.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task PublishAsync(IChannel channel, OutgoingMessage message, CancellationToken lost)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            AppId = program,
            MessageId = message.Id,
            Timestamp = new AmqpTimestamp(time.GetUtcNow().ToUnixTimeSeconds()),
        };
        await channel.BasicPublishAsync(AuctionTopology.SalesExchange, message.RoutingKey, mandatory: false, properties, message.Body, lost);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
