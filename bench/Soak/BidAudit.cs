using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>
/// What became of each bid, from the lines the programs printed. They show a bid's amount and time; the tap on the exchange has
/// these beside the <c>message_id</c>, so that each line is one message's. Thread-safe.
/// </summary>
internal sealed class BidAudit(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _sent = [];
    private readonly Dictionary<string, int> _handled = [];
    private readonly List<long> _losses = [];
    private (DateTimeOffset Since, HashSet<string> Items, TaskCompletionSource Reached)? _awaited;

    /// <summary>Takes a line of a program.</summary>
    public void Take(string line)
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
                _losses.Add(time.GetTimestamp());
            }
        }
    }

    /// <summary>Waits until a bid on each item that was made from now on has been handled: bids flow again.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> FlowAsync(TimeSpan patience, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (time.GetUtcNow(), [.. SoakPrograms.Items], reached);
        }

        try
        {
            await reached.Task.WaitAsync(patience, time, stop);
            return time.GetElapsedTime(start);
        }
        catch (TimeoutException e)
        {
            throw new ProgramException($"Bids did not flow again within {patience.TotalSeconds:0} s: something hangs.", e);
        }
    }

    /// <summary>How long after a moment programs said that their connection is lost.</summary>
    public IReadOnlyList<TimeSpan> LossesSince(long moment)
    {
        lock (_gate)
        {
            return [.. _losses.Where(at => at >= moment).Select(at => time.GetElapsedTime(moment, at))];
        }
    }

    /// <summary>How many of the bids reported as sent are not handled yet.</summary>
    public int Open()
    {
        lock (_gate)
        {
            return _sent.Count(bid => !_handled.ContainsKey(bid));
        }
    }

    /// <summary>Reads tap and dead letters, when the programs have ended, and prints what became of every bid.</summary>
    /// <returns>Bids that the broker took or a producer reported as sent, and that no consumer showed; garbage that is nowhere.</returns>
    public async Task<int> CloseAsync(Uri broker, int garbage)
    {
        var accepted = await QueueTap.ReadAsync(broker);
        var dead = await PlainClient.DrainAsync(broker, AuctionTopology.DeadLetterQueue);
        var deadOnce = dead.Select(m => Convert.ToBase64String(m.Body.Span)).Distinct().Count();

        var republished = accepted.Where(m => m.Times > 1).Select(m => m.Bid).ToHashSet();
        var twice = _handled.Where(h => h.Value > 1).Select(h => h.Key).ToHashSet();
        var ofAccepted = accepted.Count(m => !_handled.ContainsKey(m.Bid));
        var ofSent = _sent.Except(accepted.Select(m => m.Bid)).Count();
        Console.WriteLine(FormattableString.Invariant($"""

            accepted by the broker    {accepted.Count,8}  messages, by message_id
            published more than once  {republished.Count,8}  of these: unconfirmed when a connection went away
            reported as sent          {_sent.Count,8}  bids: confirmed, and their producer lived to say so
            handled                   {_handled.Count,8}  bids
            handled more than once    {twice.Count,8}  of these: {twice.Count(republished.Contains)} published more than once, {twice.Count(bid => !republished.Contains(bid))} not acked when a consumer or a connection died
            dead-lettered             {deadOnce,8}  of {garbage} pieces of garbage; {dead.Count - deadOnce} of them more than once
            lost                      {ofAccepted + ofSent,8}  bids: {ofAccepted} accepted and not handled, {ofSent} reported as sent and not accepted
            """));
        return ofAccepted + ofSent + garbage - deadOnce;
    }
}
