using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.Letters;

/// <summary>One way through the dead letters, on one connection.</summary>
/// <param name="connection">The connection.</param>
/// <param name="channel">Holds what was read until it is acked; gives back the rest when it closes.</param>
/// <param name="count">How many letters there were at the beginning. Those that come later are not read: what is sent back and
/// fails again would go round for ever.</param>
/// <param name="advance">Called for each letter that was read.</param>
/// <param name="inspect">Called with each letter that was read.</param>
/// <param name="stop">Ends the reading.</param>
/// <param name="lost">Cancelled when the connection is gone.</param>
internal sealed class LetterPass(
    IConnection connection, IChannel channel, int count, Action advance, Action<Letter> inspect, CancellationToken stop, CancellationToken lost)
{
    public IConnection Connection => connection;

    public CancellationToken Lost => lost;

    /// <summary>
    /// Reads the letters that are wanted, oldest first. One at a time (<c>basic.get</c>): a consumer whose messages are not
    /// acked would be sent them all at once, and they may be large.
    /// </summary>
    public async IAsyncEnumerable<Letter> ReadAsync(Func<Letter, bool> wanted, int limit)
    {
        for (var (left, found) = (count, 0); left > 0 && found < limit && !stop.IsCancellationRequested; left--)
        {
            if (await channel.BasicGetAsync(AuctionTopology.DeadLetterQueue, autoAck: false, lost) is not { } message)
            {
                break;
            }

            advance();
            var letter = new Letter(message);
            inspect(letter);
            if (wanted(letter))
            {
                found++;
                yield return letter;
            }
        }
    }

    /// <summary>Takes a letter out of the queue.</summary>
    public ValueTask RemoveAsync(Letter letter) => channel.BasicAckAsync(letter.Tag, multiple: false, lost);
}
