using AuctionTracker.Core.Bids;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Publishes with publisher confirms: many messages may be under way, each is counted when the broker has answered for it, and
/// what was under way when a channel went away goes out again on the next one, with the same <c>message_id</c>. Outlives
/// channels and connections. One caller at a time; confirms arrive on the client library's threads.
/// </summary>
/// <remarks>
/// The client library can await each confirm itself, or limit how many are open. Both cost it much of its pace, and neither
/// knows what to send again. So its tracking is off, and the window is counted here from the broker's acks.
/// </remarks>
public sealed class BidPublisher
{
    /// <summary>How a channel for publishing is opened: confirms on, the library's own tracking of them off.</summary>
    public static readonly CreateChannelOptions Confirms =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, PendingPublish> _underWay = [];
    private readonly HashSet<Guid> _ids = [];
    private readonly int _window;
    private readonly TimeSpan _deadline;
    private readonly string _program;
    private readonly Counts _counts;
    private readonly Action<BidMessage> _confirmed;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isBlocked;

    private IChannel? _channel;
    private ulong _oldestTag = 1;
    private ulong _lastTag;
    private int _awaited = int.MaxValue;
    private TaskCompletionSource _fellToAwaited = new();
    private IOException? _refusal;

    /// <summary>Makes a publisher without a channel.</summary>
    /// <param name="window">How many messages may be unconfirmed at a time; at least 1.</param>
    /// <param name="deadline">How long the broker may take for a confirm before the connection counts as lost.</param>
    /// <param name="program">The <c>app_id</c> of the messages.</param>
    /// <param name="counts">Where sent, confirmed, returned and failed are counted.</param>
    /// <param name="confirmed">Called for each confirmed message, in the order of sending; must be quick.</param>
    /// <param name="log">Gets a line for each message that is returned.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isBlocked">Whether the broker takes no messages for now: then the deadline does not run.</param>
    public BidPublisher(
        int window, TimeSpan deadline, string program, Counts counts, Action<BidMessage> confirmed, ILogger log, TimeProvider time,
        Func<bool> isBlocked)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        (_window, _deadline, _program, _counts) = (window, deadline, program, counts);
        (_confirmed, _log, _time, _isBlocked) = (confirmed, log, time, isBlocked);
    }

    /// <summary>How many messages wait for the broker's answer.</summary>
    public int UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _underWay.Count;
            }
        }
    }

    /// <summary>Takes a channel into use; what was under way on the last one goes out again first.</summary>
    /// <param name="channel">An open channel made with <see cref="Confirms"/>, for this publisher alone, on which nothing was
    /// published yet.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    public async Task UseAsync(IChannel channel, CancellationToken lost)
    {
        PendingPublish[] again;
        lock (_gate)
        {
            again = [.. _underWay.OrderBy(p => p.Key).Select(p => p.Value)];
            _underWay.Clear();
            (_channel, _oldestTag, _lastTag, _refusal) = (channel, 1, 0, null);
            foreach (var publication in again)
            {
                _underWay.Add(++_lastTag, publication);
            }
        }

        channel.BasicAcksAsync += (_, e) => Settle(channel, e.DeliveryTag, e.Multiple, acked: true);
        channel.BasicNacksAsync += (_, e) => Settle(channel, e.DeliveryTag, e.Multiple, acked: false);
        channel.BasicReturnAsync += (_, e) => MarkReturned(channel, e);
        foreach (var publication in again)
        {
            await WriteAsync(publication, lost);
        }
    }

    /// <summary>
    /// Publishes a message; where the window is full then, waits until a quarter of it is free. A message that is under way already is
    /// not published twice. Once this was called, the message is kept until the broker has answered for it.
    /// </summary>
    /// <param name="exchange">The exchange, or "" for the default one.</param>
    /// <param name="routingKey">The routing key.</param>
    /// <param name="message">The message.</param>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    /// <exception cref="TimeoutException">No confirm came within the deadline: the connection is of no use any more.</exception>
    /// <exception cref="IOException">The broker refused a message: that goes out again on the next channel.</exception>
    public async ValueTask PublishAsync(string exchange, string routingKey, BidMessage message, CancellationToken lost)
    {
        var publication = new PendingPublish(exchange, routingKey, message);
        lock (_gate)
        {
            if (!_ids.Add(message.Id))
            {
                return;
            }

            // Kept first, then refused: the caller will not bring it again.
            _underWay.Add(++_lastTag, publication);
            _counts.Sent.Add(1);
            if (_refusal is not null)
            {
                throw _refusal;
            }
        }

        await WriteAsync(publication, lost);
        if (UnderWay >= _window)
        {
            // Not just one place: to be woken for every confirm costs more than the publish.
            await FallToAsync(_window - Math.Max(1, _window / 4), lost);
        }
    }

    /// <summary>Waits until the broker has answered for everything that was published.</summary>
    /// <param name="lost">Cancelled when the connection is gone.</param>
    /// <exception cref="TimeoutException">No confirm came within the deadline: the connection is of no use any more.</exception>
    /// <exception cref="IOException">The broker refused a message: that goes out again on the next channel.</exception>
    public Task WaitForConfirmsAsync(CancellationToken lost) => FallToAsync(0, lost);

    /// <summary>Counts what is still under way as failed: the program ends and nobody will send it again.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _counts.Failed.Add(_underWay.Count);
            _underWay.Clear();
            _ids.Clear();
        }
    }

    private async ValueTask WriteAsync(PendingPublish publication, CancellationToken lost)
    {
        var message = publication.Message;
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            ContentEncoding = "utf-8",
            Timestamp = new AmqpTimestamp((message.Bid?.Timestamp ?? _time.GetUtcNow()).ToUnixTimeSeconds()),
            AppId = _program,
            MessageId = message.Id.ToString(),
        };

        // No token: a publish that is cancelled half-way leaves a channel whose confirms are off by one. A publish that
        // hangs (the library can, on a connection that died badly) is left behind with its connection instead.
        var publish = _channel!.BasicPublishAsync(
            publication.Exchange, publication.RoutingKey, mandatory: true, properties, message.Body, CancellationToken.None);
        if (!publish.IsCompletedSuccessfully)
        {
            await WithinDeadlineAsync(publish.AsTask(), lost);
        }
    }

    private async Task FallToAsync(int count, CancellationToken lost)
    {
        Task fell;
        lock (_gate)
        {
            if (_refusal is not null)
            {
                throw _refusal;
            }

            if (_underWay.Count <= count)
            {
                return;
            }

            _awaited = count;
            _fellToAwaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            fell = _fellToAwaited.Task;
        }

        await WithinDeadlineAsync(fell, lost);
    }

    private async Task WithinDeadlineAsync(Task answer, CancellationToken lost)
    {
        while (true)
        {
            try
            {
                await answer.WaitAsync(_deadline, _time, lost);
                return;
            }
            catch (TimeoutException) when (_isBlocked())
            {
                // The broker said so itself, and will say when it goes on.
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"no confirm within {_deadline.TotalSeconds:0} s");
            }
        }
    }

    /// <summary>An answer of the broker: for one message, or for all up to it.</summary>
    private Task Settle(IChannel channel, ulong tag, bool multiple, bool acked)
    {
        lock (_gate)
        {
            if (channel != _channel)
            {
                return Task.CompletedTask;
            }

            if (!multiple)
            {
                Settle(tag, acked);
            }
            else
            {
                for (; _oldestTag <= tag; _oldestTag++)
                {
                    Settle(_oldestTag, acked);
                }
            }

            if (_underWay.Count <= _awaited)
            {
                _awaited = int.MaxValue;
                _fellToAwaited.TrySetResult();
            }
        }

        return Task.CompletedTask;
    }

    private void Settle(ulong tag, bool acked)
    {
        if (!_underWay.TryGetValue(tag, out var publication))
        {
            return;
        }

        if (!acked)
        {
            // It stays under way, and goes out again in its order with all that came after it.
            _refusal ??= new IOException($"RabbitMQ refused a bid for {publication.RoutingKey}: its queue is full, or lost its node");
            _fellToAwaited.TrySetException(_refusal);
            return;
        }

        _underWay.Remove(tag);
        _ids.Remove(publication.Message.Id);
        if (publication.Returned)
        {
            _counts.Returned.Add(1);
            _log.Error("RabbitMQ returned a bid: no queue takes {RoutingKey}.", publication.RoutingKey);
        }
        else
        {
            _counts.Confirmed.Add(1);
            _confirmed(publication.Message);
        }
    }

    /// <summary>A message no queue took comes back before its ack.</summary>
    private Task MarkReturned(IChannel channel, BasicReturnEventArgs e)
    {
        lock (_gate)
        {
            if (channel == _channel && Guid.TryParse(e.BasicProperties.MessageId, out var id) &&
                _underWay.Values.FirstOrDefault(p => p.Message.Id == id) is { } publication)
            {
                publication.Returned = true;
            }
        }

        return Task.CompletedTask;
    }
}
