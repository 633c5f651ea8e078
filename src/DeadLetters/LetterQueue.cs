using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Letters;

/// <summary>The queue of dead letters.</summary>
internal sealed class LetterQueue(ProgramRun run)
{
    /// <summary>From RabbitMQ 4.0 on, a quorum queue drops what was given back more than 20 times.</summary>
    private const int ManyReturns = 10;

    private bool _warned;

    /// <summary>
    /// Goes through the letters once, from the oldest to the last that is there now. Those that were not acked on the way are
    /// given back at its end, each to its old place.
    /// </summary>
    /// <param name="doing">What the progress bar says.</param>
    /// <param name="work">Reads; called again, from its beginning, when the connection was lost.</param>
    /// <param name="stop">Asks for the end.</param>
    /// <exception cref="OperationCanceledException">It was stopped: the work may not have seen all letters.</exception>
    public async Task PassAsync(string doing, Func<LetterPass, Task> work, CancellationToken stop)
    {
        await ProgressBar.ShowAsync(run, doing, bar => run.Broker.RunAsync(async (connection, lost) =>
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            (bar.Value, bar.MaxValue) = (0, await CountAsync(connection, lost));
            await work(new LetterPass(connection, channel, (int)bar.MaxValue, () => bar.Increment(1), SayReturns, stop, lost));
        }, stop));
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>How many letters there are; none where nobody has declared the queue yet.</summary>
    private static async Task<uint> CountAsync(IConnection connection, CancellationToken lost)
    {
        var channel = await connection.CreateChannelAsync(cancellationToken: lost);
        try
        {
            return (await channel.QueueDeclarePassiveAsync(AuctionTopology.DeadLetterQueue, lost)).MessageCount;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    private void SayReturns(Letter letter)
    {
        if (letter.Returns >= ManyReturns && !_warned)
        {
            _warned = true;
            run.Log.Warning(
                "Letter {Id} was read {Count} times. RabbitMQ 4 drops a quorum queue's message after 20; to keep it, set the policy " +
                "delivery-limit: -1 for {Queue} on the admin site.", letter.Key.Id, letter.Returns, AuctionTopology.DeadLetterQueue);
        }
    }
}
