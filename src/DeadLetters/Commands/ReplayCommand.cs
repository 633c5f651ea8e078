using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.DeadLetters.Queue;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.DeadLetters.Commands;

/// <summary>
/// The command <c>replay</c>: publishes dead letters to where they came from, or to a queue. A dead letter is acked only after the
/// broker has confirmed the publish. A crash in between may leave a message in both places, with the same <c>message_id</c>; none is lost.
/// </summary>
internal sealed class ReplayCommand
{
    /// <summary>How many publishes wait for their confirm at most, and so how many a crash can duplicate.</summary>
    private const int Window = 32;

    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly Queue<(DeadLetter Letter, Task Confirm)> _pending = [];
    private readonly HashSet<Destination> _refused = [];
    private readonly HashSet<DeadLetterKey> _missing;
    private readonly ProgramRun _run;
    private readonly DeadLetterSelection _selection;
    private readonly Destination? _to;
    private readonly ReadOnlyMemory<byte>? _body;

    private ReplayCommand(ProgramRun run, DeadLetterSelection selection, Destination? to, ReadOnlyMemory<byte>? body) =>
        (_run, _selection, _missing, _to, _body) = (run, selection, [.. selection.Keys], to, body);

    public static async Task RunAsync(
        ProgramRun run, DeadLetterQueue queue, DeadLetterFilter filter, Destination? to, bool isDryRun, CancellationToken stop)
    {
        var selection = await DeadLetterSelection.ReadAsync(queue, filter, stop);
        foreach (var (destination, count) in selection.Destinations(to))
        {
            run.Log.Information("{Start} to {Destination}: {Count}.", isDryRun ? "Would go" : "Dead letters", destination, count);
        }

        if (selection.Count == 0)
        {
            run.Log.Information("There is nothing to replay.");
        }
        else if (!isDryRun && await SendAsync(run, queue, selection, to, body: null, stop) is > 0 and var missing)
        {
            throw new ProgramException(
                $"{missing} of {selection.Count} dead letters were no longer in the queue: someone else took them, or the broker has not " +
                "yet given them back after a lost connection. Run list, and replay what it shows.");
        }
    }

    /// <summary>Replays dead letters, and counts them.</summary>
    /// <returns>How many were no longer in the queue.</returns>
    /// <param name="run">The run.</param>
    /// <param name="queue">The queue they are in.</param>
    /// <param name="selection">Which ones.</param>
    /// <param name="to">Their destination; <see langword="null"/>: the origin of each.</param>
    /// <param name="body">A body for all of them; <see langword="null"/>: the body of each.</param>
    /// <param name="stop">Stops the reading; publishes that wait for their confirm are completed.</param>
    public static async Task<int> SendAsync(
        ProgramRun run, DeadLetterQueue queue, DeadLetterSelection selection, Destination? to, ReadOnlyMemory<byte>? body,
        CancellationToken stop)
    {
        var replay = new ReplayCommand(run, selection, to, body);
        var start = run.Time.GetTimestamp();
        try
        {
            await queue.ReadAsync("Replaying", replay.SendAsync, stop);
            var seconds = run.Time.GetElapsedTime(start).TotalSeconds;
            run.Log.Information(
                "Replayed {Count} dead letters in {Seconds:0.0} s, {Rate:0} a second.",
                run.Counts.Confirmed.Value, seconds, run.Counts.Confirmed.Value / seconds);
            return replay._missing.Count;
        }
        finally
        {
            // Published without a confirm: they are still dead letters.
            replay._pending.ToList().ForEach(_ => replay.Count(run.Counts.Failed));
        }
    }

    private async Task SendAsync(DeadLetterReader reader)
    {
        // After a lost connection: the broker gives back what was pending, and it is read again.
        _pending.Clear();
        await RequireExchangesAsync(reader);
        var channel = await reader.Connection.CreateChannelAsync(Confirmed, reader.Lost);
        await foreach (var letter in reader.GetAsync(_selection.Contains, _selection.Count))
        {
            _pending.Enqueue((letter, PublishAsync(channel, letter)));
            if (_pending.Count == Window)
            {
                await CompleteOldestAsync(reader);
            }
        }

        while (_pending.Count > 0)
        {
            await CompleteOldestAsync(reader);
        }
    }

    /// <summary>Takes no token: a cancelled publish can leave the channel with wrong confirm numbers.</summary>
    private Task PublishAsync(IChannel channel, DeadLetter letter)
    {
        var (exchange, routingKey) = _to ?? letter.Origin!;
        return channel.BasicPublishAsync(
            exchange, routingKey, mandatory: true, letter.PropertiesForReplay(), _body ?? letter.Body, CancellationToken.None).AsTask();
    }

    private async Task CompleteOldestAsync(DeadLetterReader reader)
    {
        var (letter, confirm) = _pending.Peek();
        var outcome = _run.Counts.Confirmed;
        try
        {
            await confirm.WaitAsync(_run.Settings.Broker.ConfirmDeadline, _run.Time, reader.Lost);
            await reader.AckAsync(letter);
        }
        catch (PublishException e)
        {
            outcome = e.IsReturn ? _run.Counts.Returned : _run.Counts.Failed;
            if (_refused.Add(_to ?? letter.Origin!))
            {
                _run.Log.Error(
                    e.IsReturn
                        ? "No queue receives what is published to {Destination}: these dead letters stay. Start a consumer, which " +
                            "declares its queue, or use --to QUEUE."
                        : "RabbitMQ refused a message for {Destination}: the queue is full, or the broker failed; see its log. " +
                            "The dead letter stays.",
                    _to ?? letter.Origin!);
            }
        }

        _pending.Dequeue();
        _missing.Remove(letter.Key);
        Count(outcome);
    }

    private void Count(Counts.Count outcome)
    {
        _run.Counts.Received.Add(1);
        _run.Counts.Sent.Add(1);
        outcome.Add(1);
    }

    /// <summary>A publish to an exchange that does not exist closes the channel, and all pending publishes fail with it.</summary>
    private async Task RequireExchangesAsync(DeadLetterReader reader)
    {
        foreach (var exchange in _selection.Destinations(_to).Keys.Select(d => d.Exchange).Where(e => e.Length > 0).Distinct())
        {
            var channel = await reader.Connection.CreateChannelAsync(cancellationToken: reader.Lost);
            try
            {
                await channel.ExchangeDeclarePassiveAsync(exchange, reader.Lost);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                throw new ProgramException(
                    $"The exchange {exchange}, from which dead letters came, does not exist. Start a consumer, which declares it, or use " +
                    "--to QUEUE.", e);
            }
        }
    }
}
