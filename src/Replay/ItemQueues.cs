using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using RabbitMQ.Client;

namespace AuctionTracker.Replay;

/// <summary>
/// The items that get a queue of their own: those of <c>--items</c>, else those of the file, unless there are more than
/// <see cref="MaxQueues"/>. The bids on all other items go to the default queue.
/// </summary>
internal sealed class ItemQueues(ProgramRun run)
{
    /// <summary>A file whose item column holds titles must not fill the broker with queues.</summary>
    public const int MaxQueues = 50;

    private readonly Dictionary<string, string> _itemsInFile = [];

    /// <summary>Whether <c>--items</c> names them.</summary>
    public bool AreGiven { get; } = run.Arguments.GetResult(AllSettings.Items.Flag!) is not null;

    /// <summary>The items.</summary>
    public IReadOnlyCollection<string> Items =>
        AreGiven ? run.Settings.Items : _itemsInFile.Count <= MaxQueues ? _itemsInFile.Values : [];

    /// <summary>How many items the file has, as text.</summary>
    public string CountInFile => _itemsInFile.Count <= MaxQueues ? $"{_itemsInFile.Count}" : $"more than {MaxQueues}";

    /// <summary>Adds an item of the file.</summary>
    public void Add(string item)
    {
        if (_itemsInFile.Count <= MaxQueues)
        {
            _itemsInFile.TryAdd(AuctionTopology.NameOf(item), item);
        }
    }

    /// <summary>
    /// Logs the command that reads the queues where one of them has no consumer: a consumer's default items differ from the file's.
    /// </summary>
    public async Task LogUnreadAsync(IChannel channel, CancellationToken lost)
    {
        foreach (var queue in AuctionTopology.QueuesFor(Items).Where(q => q != AuctionTopology.DefaultQueue))
        {
            if (await channel.ConsumerCountAsync(queue, lost) == 0)
            {
                run.Log.Information("Nobody reads {Queue} yet: dotnet run --project src/Consumer.V4 -- --items \"{Items}\"",
                    queue, string.Join(',', Items));
                return;
            }
        }
    }
}
