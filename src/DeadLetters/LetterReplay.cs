using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Letters;

/// <summary>
/// The command <c>replay</c>: sends letters back. A letter is taken out of the dead letters only when the broker has confirmed
/// it at its destination: whatever ends the program in between may double it, with the same <c>message_id</c>, and never lose it.
/// </summary>
internal sealed class LetterReplay
{
    /// <summary>How many are under way at the most, and so how many a kill -9 can double.</summary>
    private const int Window = 32;

    private static readonly CreateChannelOptions Confirmed =
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);

    private readonly Queue<(Letter Letter, Task Confirm)> _underWay = [];
    private readonly HashSet<Destination> _unreachable = [];
    private readonly HashSet<LetterKey> _missing;
    private readonly ProgramRun _run;
    private readonly Survey _survey;
    private readonly Destination? _to;
    private readonly ReadOnlyMemory<byte>? _body;

    private LetterReplay(ProgramRun run, Survey survey, Destination? to, ReadOnlyMemory<byte>? body) =>
        (_run, _survey, _missing, _to, _body) = (run, survey, [.. survey.Keys], to, body);

    public static async Task RunAsync(
        ProgramRun run, LetterQueue queue, Selection selection, Destination? to, bool isDryRun, CancellationToken stop)
    {
        var survey = await Survey.TakeAsync(queue, selection, stop);
        foreach (var (destination, count) in survey.Destinations(to))
        {
            run.Log.Information("{Start} to {Destination}: {Count}.", isDryRun ? "Would go" : "Letters", destination, count);
        }

        if (survey.Count == 0)
        {
            run.Log.Information("There is nothing to replay.");
        }
        else if (!isDryRun && await SendAsync(run, queue, survey, to, body: null, stop) is > 0 and var missing)
        {
            throw new ProgramException(
                $"{missing} of {survey.Count} letters were not there any more: somebody else took them, or the broker has not yet given " +
                "them back after a connection was lost. Replay again what the command list shows.");
        }
    }

    /// <summary>Sends letters, and counts them.</summary>
    /// <returns>How many were not there any more.</returns>
    /// <param name="run">The run.</param>
    /// <param name="queue">Where they are.</param>
    /// <param name="survey">Which ones.</param>
    /// <param name="to">Where to; <see langword="null"/>: each to where it came from.</param>
    /// <param name="body">What they carry instead of their own bodies.</param>
    /// <param name="stop">Ends after those that are under way.</param>
    public static async Task<int> SendAsync(
        ProgramRun run, LetterQueue queue, Survey survey, Destination? to, ReadOnlyMemory<byte>? body, CancellationToken stop)
    {
        var replay = new LetterReplay(run, survey, to, body);
        var start = run.Time.GetTimestamp();
        try
        {
            await queue.PassAsync("Replaying", replay.SendAsync, stop);
            var seconds = run.Time.GetElapsedTime(start).TotalSeconds;
            run.Log.Information(
                "Replayed {Count} letters in {Seconds:0.0} s, {Rate:0} a second.",
                run.Counts.Confirmed.Value, seconds, run.Counts.Confirmed.Value / seconds);
            return replay._missing.Count;
        }
        finally
        {
            // Sent, but not answered for: these are still among the dead letters.
            replay._underWay.ToList().ForEach(_ => replay.Count(run.Counts.Failed));
        }
    }

    private async Task SendAsync(LetterPass pass)
    {
        // What was under way on a connection that is gone was given back, and is read again.
        _underWay.Clear();
        await RequireExchangesAsync(pass);
        var channel = await pass.Connection.CreateChannelAsync(Confirmed, pass.Lost);
        await foreach (var letter in pass.ReadAsync(_survey.Includes, _survey.Count))
        {
            _underWay.Enqueue((letter, PublishAsync(channel, letter)));
            if (_underWay.Count == Window)
            {
                await SettleOldestAsync(pass);
            }
        }

        while (_underWay.Count > 0)
        {
            await SettleOldestAsync(pass);
        }
    }

    /// <summary>No token: a publish that is cancelled half-way leaves a channel whose confirms are off by one.</summary>
    private Task PublishAsync(IChannel channel, Letter letter)
    {
        var (exchange, routingKey) = _to ?? letter.Origin!;
        return channel.BasicPublishAsync(
            exchange, routingKey, mandatory: true, letter.PropertiesForReplay(), _body ?? letter.Body, CancellationToken.None).AsTask();
    }

    private async Task SettleOldestAsync(LetterPass pass)
    {
        var (letter, confirm) = _underWay.Peek();
        var outcome = _run.Counts.Confirmed;
        try
        {
            await confirm.WaitAsync(_run.Settings.Broker.ConfirmDeadline, _run.Time, pass.Lost);
            await pass.RemoveAsync(letter);
        }
        catch (PublishException e)
        {
            outcome = e.IsReturn ? _run.Counts.Returned : _run.Counts.Failed;
            if (_unreachable.Add(_to ?? letter.Origin!))
            {
                _run.Log.Error(
                    e.IsReturn
                        ? "No queue takes what goes to {Destination}: those letters stay. Start a consumer, which declares its queue, or use --to QUEUE."
                        : "RabbitMQ refused a letter for {Destination}: the queue is full, or the broker failed. See its log. The letter stays.",
                    _to ?? letter.Origin!);
            }
        }

        _underWay.Dequeue();
        _missing.Remove(letter.Key);
        Count(outcome);
    }

    private void Count(Counts.Count outcome)
    {
        _run.Counts.Received.Add(1);
        _run.Counts.Sent.Add(1);
        outcome.Add(1);
    }

    /// <summary>A publish to an exchange that is not there would close the channel, with all that is under way on it.</summary>
    private async Task RequireExchangesAsync(LetterPass pass)
    {
        foreach (var exchange in _survey.Destinations(_to).Keys.Select(d => d.Exchange).Where(e => e.Length > 0).Distinct())
        {
            var channel = await pass.Connection.CreateChannelAsync(cancellationToken: pass.Lost);
            try
            {
                await channel.ExchangeDeclarePassiveAsync(exchange, pass.Lost);
            }
            catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                throw new ProgramException(
                    $"There is no exchange {exchange} for letters that came by it. Start a consumer, which declares it, or use --to QUEUE.", e);
            }
        }
    }
}
