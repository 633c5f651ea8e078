using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.LocalBroker;
using RabbitMQ.Client;

namespace AuctionTracker.Bench.Peers;

/// <summary>One run of a peer: its producer and its consumer start together, in a virtual host of their own, and end by themselves.</summary>
internal static partial class PeerRun
{
    /// <summary>Runs a command and prints the times of its processes, as the system counts them: user and system, start and end included.</summary>
    private const string Timed = "\"$@\"; code=$?; times; exit $code";

    /// <summary>A pair that needs longer hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <exception cref="ProgramException">A program failed, or did not say that it confirmed or handled every bid.</exception>
    public static async Task<PeerResult> RunAsync(Peer peer, int bids, RunningBroker broker, ProgramRun run, string folder, CancellationToken stop)
    {
        bids = Math.Min(bids, peer.MaxBids);
        var number = bids.ToString(CultureInfo.InvariantCulture);
        await using var host = await VirtualHost.CreateAsync(broker, stop);
        await using var connection = await new ConnectionFactory { Uri = host.Uri }.CreateConnectionAsync(stop);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stop);
        await AuctionTopology.DeclareItemQueuesAsync(channel, PeerProgram.Items, run.Settings.Broker, stop);

        var (brokerBefore, start) = (BrokerCpu.Read(), run.Time.GetTimestamp());
        var consumer = MeasureAsync(peer.Consumer(host.Uri, number), $"handled {number}", folder, run.Time, stop);
        var producer = MeasureAsync(peer.Producer(host.Uri, number), $"confirmed {number}", folder, run.Time, stop);
        await await Task.WhenAny(producer, consumer); // who fails first says why; the other would wait for bids
        var (producerCpu, consumerCpu) = (await producer, await consumer);
        var seconds = run.Time.GetElapsedTime(start).TotalSeconds;
        foreach (var queue in AuctionTopology.QueuesFor(PeerProgram.Items))
        {
            if (await channel.MessageCountAsync(queue, stop) is > 0 and var left)
            {
                throw new ProgramException($"{peer.Name} left {left} bids in {queue}.");
            }
        }

        return new PeerResult(
            bids / seconds, producerCpu / bids * 1e6, consumerCpu / bids * 1e6,
            BrokerCpu.Read() - brokerBefore is { } used ? used / bids * 1e6 : null);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its CPU time in seconds.</returns>
    private static async Task<double> MeasureAsync(string[] command, string count, string folder, TimeProvider time, CancellationToken stop)
    {
        var lines = new ConcurrentQueue<string>();
        await using var process = OwnedProcess.Start(
            "sh", ["-c", Timed, "sh", .. command], workingFolder: folder, onOutput: lines.Enqueue, onError: lines.Enqueue);
        var exitCode = await process.Exited.WaitAsync(Patience, time, stop);
        if (exitCode != 0 || !lines.Any(line => line.Contains(count, StringComparison.Ordinal)))
        {
            throw new ProgramException($"{string.Join(' ', command)} ended with exit code {exitCode} without '{count}': {string.Join(" | ", lines.TakeLast(5))}");
        }

        // The last line is of the ended children: "0m12.34s 0m5.67s".
        return Minutes().Matches(lines.Last()).Sum(match =>
            (60 * double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)) + double.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("([0-9]+)m([0-9.]+)s")]
    private static partial Regex Minutes();
}
