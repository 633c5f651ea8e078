using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.DeadLetters.Queue;

/// <summary>Gets the dead letters one by one, on one connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="channel">The channel that gets and acks.</param>
/// <param name="count">How many messages to get at most: those that were in the queue at the beginning. A replayed message that fails
/// again meanwhile is not read a second time.</param>
/// <param name="advance">Called for each message.</param>
/// <param name="stop">Stops the reading.</param>
/// <param name="lost">Cancelled when the connection is lost.</param>
internal sealed class DeadLetterReader(
    IConnection connection, IChannel channel, int count, Action advance, CancellationToken stop, CancellationToken lost)
{
    public IConnection Connection => connection;

    public CancellationToken Lost => lost;

    /// <summary>
    /// Gets the dead letters that match, oldest first. It uses <c>basic.get</c>, because the broker would send a consumer without
    /// acks all messages at once, and they may be large.
    /// </summary>
    public async IAsyncEnumerable<DeadLetter> GetAsync(Func<DeadLetter, bool> matches, int limit)
    {
        for (var (left, found) = (count, 0); left > 0 && found < limit && !stop.IsCancellationRequested; left--)
        {
            if (await channel.BasicGetAsync(AuctionTopology.DeadLetterQueue, autoAck: false, lost) is not { } message)
            {
                break;
            }

            advance();
            var letter = new DeadLetter(message);
            if (matches(letter))
            {
                found++;
                yield return letter;
            }
        }
    }

    /// <summary>Removes a dead letter from the queue.</summary>
    public ValueTask AckAsync(DeadLetter letter) => channel.BasicAckAsync(letter.Tag, multiple: false, lost);
}
