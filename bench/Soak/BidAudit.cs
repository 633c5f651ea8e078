using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>
/// Follows each bid from producer to consumer in the lines the programs print. A line shows a bid's amount and time; the tap on
/// the exchange has both beside the <c>message_id</c>, so each line belongs to one message. Thread-safe.
/// </summary>
internal sealed class BidAudit(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _sent = [];
    private readonly Dictionary<string, int> _handled = [];
    private readonly List<long> _connectionLosses = [];
    private (DateTimeOffset Since, HashSet<string> Items, TaskCompletionSource Reached)? _awaited;

    /// <summary>Adds a line that a producer or a consumer printed.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            if (line.Split(": Bid Amount: ", 2) is [_, var sent])
            {
                _sent.Add(sent);
            }
            else if (line.Contains(" INFO Received ", StringComparison.Ordinal) &&
                BidJson.TryRead(Encoding.UTF8.GetBytes(line[line.IndexOf('{', StringComparison.Ordinal)..]), out var bid, out _))
            {
                _handled[bid.ToString()] = _handled.GetValueOrDefault(bid.ToString()) + 1;
                if (_awaited is var (since, items, reached) && bid.Timestamp >= since && items.Remove(bid.Item) && items.Count == 0)
                {
                    reached.TrySetResult();
                }
            }
            else if (line.Contains(" Connection to RabbitMQ lost (", StringComparison.Ordinal))
            {
                _connectionLosses.Add(time.GetTimestamp());
            }
        }
    }

    /// <summary>Waits until the consumers have handled, for each item, a bid that is newer than this call.</summary>
    /// <returns>The time waited.</returns>
    /// <exception cref="ProgramException">The timeout is over.</exception>
    public async Task<TimeSpan> WaitForBidsAsync(TimeSpan timeout, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (time.GetUtcNow(), [.. SoakPrograms.Items], reached);
        }

        try
        {
            await reached.Task.WaitAsync(timeout, time, stop);
            return time.GetElapsedTime(start);
        }
        catch (TimeoutException e)
        {
            throw new ProgramException($"Bids did not flow again within {timeout.TotalSeconds:0} s: a program hangs.", e);
        }
    }

    /// <summary>The times from a timestamp to each report of a lost connection after it.</summary>
    public IReadOnlyList<TimeSpan> ConnectionLossesSince(long timestamp)
    {
        lock (_gate)
        {
            return [.. _connectionLosses.Where(at => at >= timestamp).Select(at => time.GetElapsedTime(timestamp, at))];
        }
    }

    /// <summary>The number of bids that a producer reported as sent and no consumer has handled yet.</summary>
    public int CountUnhandled()
    {
        lock (_gate)
        {
            return _sent.Count(bid => !_handled.ContainsKey(bid));
        }
    }

    /// <summary>Empties the tap and the dead-letter queue and prints the totals. Call it after all programs have ended.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="malformed">The number of different malformed messages published.</param>
    /// <returns>
    /// The number of lost messages: bids accepted by the broker or reported as sent that no consumer handled, and malformed
    /// messages that are not dead-lettered.
    /// </returns>
    public async Task<int> PrintTotalsAsync(Uri broker, int malformed)
    {
        var accepted = await QueueTap.ReadAsync(broker);
        var dead = await PlainClient.DrainAsync(broker, AuctionTopology.DeadLetterQueue);
        var distinctDead = dead.Select(m => Convert.ToBase64String(m.Body.Span)).Distinct().Count();

        var republished = accepted.Where(m => m.Times > 1).Select(m => m.Bid).ToHashSet();
        var duplicates = _handled.Where(h => h.Value > 1).Select(h => h.Key).ToHashSet();
        var ofRepublished = duplicates.Count(republished.Contains);
        var redelivered = duplicates.Count - ofRepublished;
        var deadDuplicates = dead.Count - distinctDead;
        var unhandled = accepted.Count(m => !_handled.ContainsKey(m.Bid));
        var unaccepted = _sent.Except(accepted.Select(m => m.Bid)).Count();
        var lost = unhandled + unaccepted;
        Console.WriteLine(FormattableString.Invariant($"""

            accepted by the broker    {accepted.Count,8}  messages, by message_id
            published more than once  {republished.Count,8}  of these: unconfirmed when a connection was lost
            reported as sent          {_sent.Count,8}  bids: confirmed, and reported before a producer was killed
            handled                   {_handled.Count,8}  bids
            handled more than once    {duplicates.Count,8}  of these: {ofRepublished} published more than once, {redelivered} redelivered
            dead-lettered             {distinctDead,8}  of {malformed} malformed messages; {deadDuplicates} of them more than once
            lost                      {lost,8}  bids: {unhandled} accepted and not handled, {unaccepted} sent and not accepted
            """));
        return lost + malformed - distinctDead;
    }
}
