using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Recorder;

/// <summary>The queues of all recorders of a broker. One that nobody reads goes on collecting, and would fill the broker's disk.</summary>
internal static class RecordQueues
{
    private static readonly string[] DefaultNames = ["jsonl", "sqlite", "duckdb", "postgres"];
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(1);

    /// <summary>Names the queues that nobody reads.</summary>
    /// <param name="run">Settings, log and connection.</param>
    /// <param name="except">The sinks that will be recorded now.</param>
    /// <param name="stop">Requests the end.</param>
    public static Task LogUnreadAsync(ProgramRun run, IEnumerable<string> except, CancellationToken stop) =>
        run.Broker.RunAsync(async (connection, lost) =>
        {
            foreach (var name in (await NamesAsync(run, lost)).Except(except))
            {
                if (await StateAsync(connection, name, lost) is { ConsumerCount: 0 } queue)
                {
                    run.Log.Warning(
                        "Nobody reads {Queue}: it keeps {Count} bids and collects more. Record them with --to {Name}=…, or delete it with --forget {Name}.",
                        queue.QueueName, queue.MessageCount, name, name);
                }
            }
        }, stop);

    /// <summary>The same when the program ends. Does not wait for a broker that is away.</summary>
    public static async Task LogUnreadAtEndAsync(ProgramRun run)
    {
        using var patience = new CancellationTokenSource(EndPatience, run.Time);
        await LogUnreadAsync(run, [], patience.Token);
    }

    /// <summary>Deletes the queue of a sink.</summary>
    /// <exception cref="ProgramException">There is none, or it is in use.</exception>
    public static Task ForgetAsync(ProgramRun run, string name, bool isConfirmed, CancellationToken stop) =>
        run.Broker.RunAsync(async (connection, lost) =>
        {
            var queue = await StateAsync(connection, name, lost) ?? throw new ProgramException(
                $"There is no queue {AuctionTopology.RecordQueuePrefix}{name}. The recorders' queues: {string.Join(", ", await PresentAsync(run, connection, lost))}.");
            if (queue.ConsumerCount > 0)
            {
                throw new ProgramException($"A recorder reads {queue.QueueName}. End it first.");
            }

            if (isConfirmed || await ConfirmAsync(queue, lost))
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: lost);
                await channel.QueueDeleteAsync(queue.QueueName, ifUnused: false, ifEmpty: false, cancellationToken: lost);
                run.Log.Information("Deleted {Queue} with {Count} bids that waited in it.", queue.QueueName, queue.MessageCount);
            }
        }, stop);

    private static async Task<bool> ConfirmAsync(QueueDeclareOk queue, CancellationToken cancel)
    {
        if (Console.IsInputRedirected)
        {
            throw new ProgramException($"{queue.QueueName} keeps {queue.MessageCount} bids. To delete it without a question, add --yes.");
        }

        Console.Write($"Delete {queue.QueueName} and the {queue.MessageCount} bids that wait in it? (y/n): ");
        return (await Task.Run(Console.ReadLine, cancel).WaitAsync(cancel))?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task<IReadOnlyList<string>> PresentAsync(ProgramRun run, IConnection connection, CancellationToken cancel)
    {
        var present = new List<string>();
        foreach (var name in await NamesAsync(run, cancel))
        {
            if (await StateAsync(connection, name, cancel) is not null)
            {
                present.Add(name);
            }
        }

        return present.Count > 0 ? present : ["none"];
    }

    /// <summary>The names that may have a queue: those that the management API lists, for AMQP cannot, and those that every recorder may use.</summary>
    private static async Task<IEnumerable<string>> NamesAsync(ProgramRun run, CancellationToken cancel)
    {
        using var api = new ManagementApi(run.Settings.Broker);
        return (await api.QueueNamesAsync(cancel))
            .Where(queue => queue.StartsWith(AuctionTopology.RecordQueuePrefix, StringComparison.Ordinal))
            .Select(queue => queue[AuctionTopology.RecordQueuePrefix.Length..])
            .Union(run.Settings.RecordTo.Select(sink => sink.Name)).Union(DefaultNames);
    }

    /// <returns><see langword="null"/> if there is no such queue.</returns>
    private static async Task<QueueDeclareOk?> StateAsync(IConnection connection, string name, CancellationToken cancel)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        try
        {
            return await channel.QueueDeclarePassiveAsync(AuctionTopology.RecordQueuePrefix + name, cancel);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == 404)
        {
            return null;
        }
    }
}
