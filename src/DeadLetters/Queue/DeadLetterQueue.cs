using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Spectre.Console;

namespace AuctionTracker.DeadLetters.Queue;

/// <summary>The queue of dead letters.</summary>
internal sealed class DeadLetterQueue(ProgramRun run)
{
    /// <summary>
    /// Reads the queue once, from the oldest message to the one that is last when the reading begins. Then the channel closes, and
    /// the broker gives back each message that was not acked, to its old place.
    /// </summary>
    /// <param name="task">What the progress bar says.</param>
    /// <param name="read">Reads. Called again, from its beginning, after a lost connection.</param>
    /// <param name="stop">Stops the reading.</param>
    /// <exception cref="OperationCanceledException">It was stopped: perhaps not all messages were read.</exception>
    public async Task ReadAsync(string task, Func<DeadLetterReader, Task> read, CancellationToken stop)
    {
        await ShowProgressAsync(task, bar => run.Broker.RunAsync(async (connection, lost) =>
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: lost);
            (bar.Value, bar.MaxValue) = (0, await CountAsync(connection, lost));
            await read(new DeadLetterReader(connection, channel, (int)bar.MaxValue, () => bar.Increment(1), stop, lost));
        }, stop));
        stop.ThrowIfCancellationRequested();
    }

    /// <summary>Reads the dead letters that match, and leaves all of them in the queue.</summary>
    /// <param name="matches">Which ones.</param>
    /// <param name="limit">How many, at most.</param>
    /// <param name="select">What to keep of each: bodies may be large.</param>
    /// <param name="stop">Stops the reading.</param>
    public async Task<IReadOnlyList<T>> SelectAsync<T>(
        Func<DeadLetter, bool> matches, int limit, Func<DeadLetter, T> select, CancellationToken stop)
    {
        var selected = new List<T>();
        await ReadAsync("Reading", async reader =>
        {
            selected.Clear();
            await foreach (var letter in reader.GetAsync(matches, limit))
            {
                selected.Add(select(letter));
            }
        }, stop);
        return selected;
    }

    /// <summary>How many dead letters there are; 0 if the queue is not declared yet.</summary>
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

    /// <summary>Shows a progress bar at a terminal, until the work is done.</summary>
    private Task ShowProgressAsync(string task, Func<ProgressTask, Task> work) =>
        run.Settings.Run.Quiet || Console.IsOutputRedirected
            ? work(new ProgressTask(0, task, 1))
            : AnsiConsole.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(progress => work(progress.AddTask(task)));
}
