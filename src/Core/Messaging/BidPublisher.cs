using AuctionTracker.Core.Bids;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Publishes with publisher confirms and a bounded number of messages in flight. Messages that were unconfirmed when a channel closed
/// are published again on the next one, with the same <c>message_id</c>. One publisher outlives many channels and connections.
/// One caller at a time; confirms arrive on the client library's threads.
/// </summary>
/// <remarks>
/// The client library can track confirms and limit how many are outstanding. Both cost throughput, and neither publishes a message
/// again. So its tracking is off, and this class counts the messages in flight from the broker's acks and nacks.
/// </remarks>
public sealed class BidPublisher
{
    /// <summary>Options for a channel to publish on: publisher confirms on, the client library's tracking of them off.</summary>
    public static readonly CreateChannelOptions Confirms =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingPublish> _unconfirmed = [];
    private readonly HashSet<string> _unconfirmedIds = [];
    private readonly int _window;
    private readonly TimeSpan _deadline;
    private readonly Counts _counts;
    private readonly Action<BidMessage> _onConfirmed;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isBlocked;

    // One for all messages: the client library writes it to its buffer before a publish returns, and one publish is sent at a time.
    private readonly BasicProperties _properties;

    private IChannel? _channel;
    private ulong _oldestSequenceNumber = 1;
    private ulong _lastSequenceNumber;
    private IOException? _nack;

    // A waiter wants at most this many messages in flight, and is released when that is so.
    private int _awaitedCount = int.MaxValue;
    private TaskCompletionSource _awaitedCountReached = new();

    /// <summary>Makes a publisher without a channel.</summary>
    /// <param name="window">The most messages in flight at a time; at least 1.</param>
    /// <param name="deadline">How long the broker may take for a confirm. After that the connection counts as lost.</param>
    /// <param name="program">The <c>app_id</c> of the messages.</param>
    /// <param name="counts">Counts sent, confirmed, returned and failed messages.</param>
    /// <param name="confirmed">Called for each confirmed message, in the order of publishing, on the client library's threads and under a
    /// lock: it must be quick and must not call this publisher.</param>
    /// <param name="log">Gets a line for each message that the broker returns.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isBlocked">Whether the broker has blocked the connection; while it has, the deadline does not run.</param>
    public BidPublisher(
        int window, TimeSpan deadline, string program, Counts counts, Action<BidMessage> confirmed, ILogger log, TimeProvider time,
        Func<bool> isBlocked)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        (_window, _deadline, _counts) = (window, deadline, counts);
        (_onConfirmed, _log, _time, _isBlocked) = (confirmed, log, time, isBlocked);
        _properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            AppId = program,
        };
    }

    /// <summary>How many messages are in flight: published and not confirmed.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _unconfirmed.Count;
            }
        }
    }

    /// <summary>Switches to this channel, and first publishes the unconfirmed messages of the previous one again, in order.</summary>
    /// <param name="channel">An open channel created with <see cref="Confirms"/>, for this publisher alone, on which nothing was
    /// published yet.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    public async Task UseAsync(IChannel channel, CancellationToken lost)
    {
        PendingPublish[] toRepublish;
        lock (_gate)
        {
            toRepublish = [.. _unconfirmed.OrderBy(p => p.Key).Select(p => p.Value)];
            _unconfirmed.Clear();
            (_channel, _oldestSequenceNumber, _lastSequenceNumber, _nack) = (channel, 1, 0, null);
            foreach (var pending in toRepublish)
            {
                _unconfirmed.Add(++_lastSequenceNumber, pending);
            }
        }

        channel.BasicAcksAsync += (_, e) => HandleConfirm(channel, e.DeliveryTag, e.Multiple, isAck: true);
        channel.BasicNacksAsync += (_, e) => HandleConfirm(channel, e.DeliveryTag, e.Multiple, isAck: false);
        channel.BasicReturnAsync += (_, e) => HandleReturn(channel, e);
        foreach (var pending in toRepublish)
        {
            await SendAsync(pending, lost);
        }
    }

    /// <summary>
    /// Publishes a message. If the window is full then, waits until a quarter of it is free. Does nothing if the message is already in
    /// flight. The publisher keeps the message until the broker confirms it, even if this method throws.
    /// </summary>
    /// <param name="exchange">The exchange, or "" for the default one.</param>
    /// <param name="routingKey">The routing key.</param>
    /// <param name="message">The message.</param>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    /// <exception cref="TimeoutException">No confirm came within the deadline; the connection counts as lost.</exception>
    /// <exception cref="IOException">The broker nacked a message; it is published again on the next channel.</exception>
    public async ValueTask PublishAsync(string exchange, string routingKey, BidMessage message, CancellationToken lost)
    {
        var pending = new PendingPublish(exchange, routingKey, message);
        lock (_gate)
        {
            if (!_unconfirmedIds.Add(message.Id))
            {
                return;
            }

            // Keep it before throwing a nack: the caller relies on the publisher to publish it again.
            _unconfirmed.Add(++_lastSequenceNumber, pending);
            _counts.Sent.Add(1);
            if (_nack is not null)
            {
                throw _nack;
            }
        }

        await SendAsync(pending, lost);
        if (InFlight >= _window)
        {
            // A quarter, not one: waking up for every confirm costs more than the publish.
            await WaitForInFlightAsync(_window - Math.Max(1, _window / 4), lost);
        }
    }

    /// <summary>Waits until the broker has confirmed every published message.</summary>
    /// <param name="lost">Cancelled when the connection is lost.</param>
    /// <exception cref="TimeoutException">No confirm came within the deadline; the connection counts as lost.</exception>
    /// <exception cref="IOException">The broker nacked a message; it is published again on the next channel.</exception>
    public Task WaitForConfirmsAsync(CancellationToken lost) => WaitForInFlightAsync(0, lost);

    /// <summary>Counts the messages in flight as failed and forgets them. Call it when the program ends.</summary>
    public void FailUnconfirmed()
    {
        lock (_gate)
        {
            _counts.Failed.Add(_unconfirmed.Count);
            _unconfirmed.Clear();
            _unconfirmedIds.Clear();
        }
    }

    private async ValueTask SendAsync(PendingPublish pending, CancellationToken lost)
    {
        var message = pending.Message;
        _properties.Timestamp = new AmqpTimestamp((message.Bid?.Timestamp ?? _time.GetUtcNow()).ToUnixTimeSeconds());
        _properties.MessageId = message.Id;

        // No token: a cancelled publish would put the channel's sequence numbers off by one. The client library can hang in a publish
        // when a connection dies; after the deadline the connection is replaced, and the hanging publish is not awaited.
        var publish = _channel!.BasicPublishAsync(
            pending.Exchange, pending.RoutingKey, mandatory: true, _properties, message.Body, CancellationToken.None);
        if (!publish.IsCompletedSuccessfully)
        {
            await WaitWithDeadlineAsync(publish.AsTask(), lost);
        }
    }

    /// <summary>Waits until at most this many messages are in flight.</summary>
    private async Task WaitForInFlightAsync(int atMost, CancellationToken lost)
    {
        Task reached;
        lock (_gate)
        {
            if (_nack is not null)
            {
                throw _nack;
            }

            if (_unconfirmed.Count <= atMost)
            {
                return;
            }

            _awaitedCount = atMost;
            _awaitedCountReached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            reached = _awaitedCountReached.Task;
        }

        await WaitWithDeadlineAsync(reached, lost);
    }

    private async Task WaitWithDeadlineAsync(Task task, CancellationToken lost)
    {
        while (true)
        {
            try
            {
                await task.WaitAsync(_deadline, _time, lost);
                return;
            }
            catch (TimeoutException) when (_isBlocked())
            {
                // The broker has blocked the connection, and confirms nothing until its alarm clears.
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"no publisher confirm within {_deadline.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>Handles an ack or nack: for one message, or with <paramref name="multiple"/> for all up to it.</summary>
    private Task HandleConfirm(IChannel channel, ulong sequenceNumber, bool multiple, bool isAck)
    {
        lock (_gate)
        {
            if (channel != _channel)
            {
                return Task.CompletedTask;
            }

            if (!multiple)
            {
                HandleConfirm(sequenceNumber, isAck);
            }
            else
            {
                for (; _oldestSequenceNumber <= sequenceNumber; _oldestSequenceNumber++)
                {
                    HandleConfirm(_oldestSequenceNumber, isAck);
                }
            }

            if (_unconfirmed.Count <= _awaitedCount)
            {
                _awaitedCount = int.MaxValue;
                _awaitedCountReached.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private void HandleConfirm(ulong sequenceNumber, bool isAck)
    {
        if (!_unconfirmed.TryGetValue(sequenceNumber, out var pending))
        {
            return;
        }

        if (!isAck)
        {
            // It stays in flight, and is published again on the next channel, in order.
            _nack ??= new IOException($"RabbitMQ nacked a bid for {pending.RoutingKey}: its queue is full, or the queue's node failed");
            _awaitedCountReached.TrySetException(_nack);
            return;
        }

        _unconfirmed.Remove(sequenceNumber);
        _unconfirmedIds.Remove(pending.Message.Id);
        if (pending.IsReturned)
        {
            _counts.Returned.Add(1);
            _log.Error("RabbitMQ returned a bid: no queue is bound for routing key {RoutingKey}.", pending.RoutingKey);
        }
        else
        {
            _counts.Confirmed.Add(1);
            _onConfirmed(pending.Message);
        }
    }

    /// <summary>The broker returns an unroutable message before it acks it.</summary>
    private Task HandleReturn(IChannel channel, BasicReturnEventArgs e)
    {
        lock (_gate)
        {
            if (channel == _channel && _unconfirmed.Values.FirstOrDefault(p => p.Message.Id == e.BasicProperties.MessageId) is { } pending)
            {
                pending.IsReturned = true;
            }
        }

        return Task.CompletedTask;
    }
}
