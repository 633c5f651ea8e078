using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace AuctionTracker.Demo;

/// <summary>The programs that keep bids and close auctions: Recorder, Auctioneer and Settlement. Their state is a new one in <c>data/demo/</c>.</summary>
internal sealed class SalesPrograms : IAsyncDisposable
{
    public const string Folder = "data/demo";
    private const string Auctions = $"{Folder}/auctions.db";
    private const string Settlements = $"{Folder}/settlement.db";
    private const string Bids = $"{Folder}/bids";
    private const string Sink = "demo_sales";

    /// <summary>A demo mails nobody but the owner, and its alerts are those of consumer v4: of two programs that share them, one would send all.</summary>
    private static readonly Dictionary<string, string?> Quiet = new()
    {
        [SaleSettings.MailWinners.EnvironmentVariable] = "false",
        [SaleSettings.ClosedAlert.EnvironmentVariable] = "false",
        [SaleSettings.UnsoldAlert.EnvironmentVariable] = "false",
    };

    private const string Yellow = "33";
    private const string Cyan = "36";
    private const string Grey = "90";

    /// <summary>How long Recorder may print nothing at its start: the first time, its packages are downloaded and it is built.</summary>
    private static readonly TimeSpan MaxBuild = TimeSpan.FromMinutes(10);

    /// <summary>How long Settlement may print nothing while sales are left.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(30);

    private readonly ProgramRun _run;
    private readonly Uri _broker;
    private readonly string _idle;
    private readonly HashSet<string> _newQueues = [];

    private SalesPrograms(ProgramRun run, Uri broker, string idle) => (_run, _broker, _idle) = (run, broker, idle);

    /// <summary>Where the databases are, for a program that shows them.</summary>
    public static IReadOnlyDictionary<string, string?> Databases { get; } = new Dictionary<string, string?>
    {
        [SaleSettings.AuctioneerDatabase.EnvironmentVariable] = Auctions,
        [SaleSettings.SettlementDatabase.EnvironmentVariable] = Settlements,
    };

    public ChildProgram Recorder { get; private set; } = null!;

    public ChildProgram Auctioneer { get; private set; } = null!;

    public ChildProgram Settlement { get; private set; } = null!;

    /// <summary>All of them.</summary>
    public IReadOnlyList<ChildProgram> All => [Recorder, Auctioneer, Settlement];

    /// <summary>How many bids waited for Auctioneer before.</summary>
    public long WaitingBids { get; private set; }

    /// <summary>How many sales waited for Settlement before.</summary>
    public long WaitingSales { get; private set; }

    /// <summary>The sums of all items' stock changes by their cause, and as <c>now</c> what is in stock.</summary>
    public IReadOnlyDictionary<string, long> Stock { get; private set; } = new Dictionary<string, long>();

    /// <summary>Deletes the state of an earlier run: its databases and its record, and no other file. Keeps other demos away until the result is disposed.</summary>
    /// <exception cref="ProgramException">It can't be deleted, or another demo runs in this folder.</exception>
    public static IDisposable TakeState()
    {
        try
        {
            Directory.CreateDirectory(Bids);
            var owner = new FileStream($"{Folder}/demo.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            Directory.Delete(Bids, recursive: true);
            foreach (var database in new[] { Auctions, Settlements })
            {
                foreach (var suffix in new[] { "", "-wal", "-shm" })
                {
                    File.Delete(database + suffix);
                }
            }

            return owner;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProgramException($"{Folder} can't be used: {e.Message} Another demo may run here: end it, or run this one in another folder.", e);
        }
    }

    /// <summary>Starts the programs, Recorder first, and declares their queues, so that each gets all bids.</summary>
    /// <exception cref="ProgramException">A program can't be started, or another one reads its queue.</exception>
    public static async Task<SalesPrograms> StartAsync(DemoOptions options, ProgramRun run, Uri broker, CancellationToken stop)
    {
        var programs = new SalesPrograms(run, broker, options.IdleOf(run));
        try
        {
            await programs.StartAsync(options, stop);
            return programs;
        }
        catch
        {
            await programs.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the open auctions are closed and all sales are settled, then reads the stock.</summary>
    /// <exception cref="ProgramException">The broker ended.</exception>
    public async Task FinishAsync(Task brokerEnded)
    {
        _run.Log.Information("The open auctions close within {Seconds} s, then their sales are settled.", _idle);
        if (await Task.WhenAny(Auctioneer.Ended, brokerEnded) == brokerEnded)
        {
            throw new ProgramException("The broker ended too early; the lines above say why.");
        }

        var sold = WaitingSales + Auctioneer.Count("sold");
        await Settlement.WhenAsync(settlement => settlement.SettledSales >= sold, MaxSilence);
        Settlement.Stop();
        Recorder.Stop();
        await Task.WhenAll(Settlement.Ended, Recorder.Ended);

        try
        {
            await using var database = await StateDatabase.ReadSettlementsAsync(Settlements, CancellationToken.None);
            var sums = await database.InTransactionAsync(
                transaction => Sql.QueryAsync(
                    transaction,
                    "SELECT cause, sum(change) FROM stock_changes GROUP BY cause UNION ALL SELECT 'now', coalesce(sum(quantity), 0) FROM stock",
                    row => (Cause: row.GetString(0), Sum: row.GetInt64(1)), CancellationToken.None), CancellationToken.None);
            Stock = sums.ToDictionary(row => row.Cause, row => row.Sum);
        }
        catch (IOException e)
        {
            _run.Log.Error("{Text} The stock is not known.", e.Message);
        }
    }

    /// <summary>Ends the programs, and deletes the queues that they would leave, because nobody reads them.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var program in All.OfType<ChildProgram>())
        {
            await program.DisposeAsync();
        }

        if (_newQueues.Count == 0)
        {
            return;
        }

        try
        {
            await DemoRun.WithBrokerAsync(_broker, _run, async (connection, cancel) =>
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
                foreach (var queue in _newQueues)
                {
                    await channel.QueueDeleteAsync(queue, cancellationToken: cancel);
                }
            }, CancellationToken.None);
            _run.Log.Information("Deleted queues that nobody reads now: {Queues}.", string.Join(", ", _newQueues));
        }
        catch (ProgramException e)
        {
            _run.Log.Warning("{Text} These queues may be left, and fill up: {Queues}.", e.Message, string.Join(", ", _newQueues));
        }
    }

    private async Task StartAsync(DemoOptions options, CancellationToken stop)
    {
        string[] common = [.. DemoOptions.Common(_run)];
        var project = RepositoryProject.Find("Recorder");
        // What a demo that was killed left in its queue is not of this one.
        await DemoRun.WithBrokerAsync(_broker, _run, async (connection, cancel) =>
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
            await channel.QueueDeleteAsync(AuctionTopology.RecordQueuePrefix + Sink, cancellationToken: cancel);
        }, stop);
        _run.Log.Information("Starting Recorder with dotnet run. The first time, that downloads DuckDB (110 MB).");
        Recorder = ChildProgram.StartProject(
            "Recorder", Grey, project, [.. common, "--to", $"{Sink}={Bids}/", "--quiet"], _broker, _run.Time);
        await Recorder.WhenAsync(recorder => recorder.HasStarted, MaxBuild).WaitAsync(stop);
        await DeclareAsync(stop);
        Auctioneer = ChildProgram.Start("Auctioneer", Yellow, [.. common, "--database", Auctions, .. options.ClockArguments(_run), AllSettings.IdleExit.Flag!, _idle], _broker, _run.Time, Quiet);
        Settlement = ChildProgram.Start("Settlement", Cyan, [.. common, "--database", Settlements, "--work", "0.1..0.5"], _broker, _run.Time, Quiet);
    }

    private Task DeclareAsync(CancellationToken stop) => DemoRun.WithBrokerAsync(_broker, _run, async (connection, cancel) =>
    {
        foreach (var queue in new[] { AuctionTopology.AuctioneerQueue, AuctionTopology.SettlementQueue })
        {
            var found = await FindAsync(connection, queue, cancel);
            if (found is null)
            {
                _newQueues.Add(queue);
            }

            DemoRun.RequireNoConsumer(queue, found);
        }

        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var settings = _run.Settings.Broker;
        await AuctionTopology.DeclareItemQueuesAsync(channel, _run.Settings.Items, settings, cancel);
        await AuctionTopology.DeclareSalesAsync(channel, settings, cancel);
        _newQueues.Add(await AuctionTopology.DeclareRecordQueueAsync(channel, Sink, settings, cancel));
        WaitingBids = await channel.MessageCountAsync(AuctionTopology.AuctioneerQueue, cancel);
        WaitingSales = await channel.MessageCountAsync(AuctionTopology.SettlementQueue, cancel);
    }, stop);

    /// <returns><see langword="null"/> if there is no such queue.</returns>
    private static async Task<QueueDeclareOk?> FindAsync(IConnection connection, string queue, CancellationToken cancel)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue, cancel);
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }
}
