using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>
/// What became of each bid, from the lines the programs printed. They show a bid's amount and time, the tap on the exchange has
/// these beside the <c>message_id</c>, so that each line is one message's. Thread-safe.
/// </summary>
internal sealed class Ledger(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _sent = [];
    private readonly Dictionary<string, int> _handled = [];
    private (DateTimeOffset Since, TaskCompletionSource Reached)? _awaited;
    private IReadOnlyDictionary<string, int> _accepted = new Dictionary<string, int>();
    private int _deadLettered;
    private int _garbage;

    /// <summary>Bids a producer reported as sent that no consumer showed.</summary>
    public int Lost => _sent.Count(bid => !_handled.ContainsKey(bid));

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
                if (_awaited is var (since, reached) && bid.Timestamp >= since)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    /// <summary>Waits until a bid that was made from now on has been handled: bids flow again.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> FlowAsync(TimeSpan patience, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _awaited = (time.GetUtcNow(), reached);
        }

        await reached.Task.WaitAsync(patience, time, stop);
        return time.GetElapsedTime(start);
    }

    /// <summary>Waits until everything sent was handled, or for a minute without progress; then reads tap and dead letters.</summary>
    public async Task CloseAsync(Uri broker, int garbage)
    {
        _garbage = garbage;
        _accepted = await Tap.ReadAsync(broker);
        _deadLettered = (await PlainClient.DrainAsync(broker, AuctionTopology.DeadLetterQueue)).Count;
    }

    /// <summary>How many of the bids sent are not handled yet.</summary>
    public int Open()
    {
        lock (_gate)
        {
            return Lost;
        }
    }

    public void Print(IReadOnlyList<(string Harm, TimeSpan Recovery)> recoveries)
    {
        Console.WriteLine();
        foreach (var harm in recoveries.GroupBy(r => r.Harm).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var seconds = harm.Select(r => r.Recovery.TotalSeconds).Order().ToList();
            Console.WriteLine(FormattableString.Invariant(
                $"{harm.Key,-24} {seconds.Count,3} times; until bids flow again: median {seconds[seconds.Count / 2]:0.0} s, worst {seconds[^1]:0.0} s"));
        }

        var twice = _handled.Values.Count(times => times > 1);
        Console.WriteLine(FormattableString.Invariant($"""

            accepted by the broker    {_accepted.Count,8}  messages, by message_id
            published more than once  {_accepted.Values.Count(times => times > 1),8}  of these: unconfirmed when a connection went away
            reported as sent          {_sent.Count,8}  bids
            handled                   {_handled.Count,8}  bids
            handled more than once    {twice,8}  of these: published twice, or not acked when a consumer or a connection died
            dead-lettered             {_deadLettered,8}  of {_garbage} pieces of garbage (again, where the ack was lost)
            lost                      {Lost,8}
            """));
    }
}
