using System.CommandLine;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Serilog;
using Serilog.Core;

namespace AuctionTracker.Core.Hosting;

/// <summary>What a program works with: its settings, log, counts, and the parts made from them.</summary>
public sealed class AuctionRun
{
    private readonly string _program;
    private readonly List<BidPublisher> _publishers = [];
    private BidGenerator? _generator;
    private int _taken;

    internal AuctionRun(string program, AuctionSettings settings, ParseResult arguments, ILogger log, TimeProvider time)
    {
        (_program, Settings, Arguments, Log, Time) = (program, settings, arguments, log, time);
        BidLog = settings.Run.Quiet ? Logger.None : log;
        Broker = new Broker(settings.Broker, program, log, time) { Unconfirmed = () => _publishers.Sum(p => p.UnderWay) };
        Consumer = new BidConsumer(settings.Consumer, program, Counts, log, time);
    }

    /// <summary>The settings of this run.</summary>
    public AuctionSettings Settings { get; }

    /// <summary>The command line: for the options and arguments that are a program's own.</summary>
    public ParseResult Arguments { get; }

    /// <summary>The log: console and file.</summary>
    public ILogger Log { get; }

    /// <summary>The log of what there is a line for each bid; silent with <c>--quiet</c>.</summary>
    public ILogger BidLog { get; }

    /// <summary>What the program did so far; printed at its end.</summary>
    public Counts Counts { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The connection to RabbitMQ.</summary>
    public Broker Broker { get; }

    /// <summary>Reads bids from queues.</summary>
    public BidConsumer Consumer { get; }

    /// <summary>Makes a publisher.</summary>
    /// <param name="confirmed">Called for each message the broker has taken over.</param>
    public BidPublisher Publisher(Action<BidMessage> confirmed)
    {
        var publisher = new BidPublisher(
            Settings.Broker.ConfirmWindow, Settings.Broker.ConfirmDeadline, _program, Counts, confirmed, Log, Time, () => Broker.IsBlocked);
        _publishers.Add(publisher);
        return publisher;
    }

    /// <summary>So many made-up messages. Enumerating again goes on where the last enumeration was left.</summary>
    /// <param name="count">How many in all.</param>
    public IEnumerable<BidMessage> Bids(int count)
    {
        while (_taken < count)
        {
            yield return NextBid();
        }
    }

    /// <summary>
    /// Made-up messages, one every interval, until the settings' count is reached or the program is stopped. Enumerating
    /// again goes on where the last enumeration was left.
    /// </summary>
    /// <param name="stop">Ends the enumeration.</param>
    /// <param name="lost">Cancelled when the connection is gone: ends a wait with an exception.</param>
    public async IAsyncEnumerable<BidMessage> Bids(CancellationToken stop, [EnumeratorCancellation] CancellationToken lost = default)
    {
        var (count, interval) = (Settings.Producer.Count, Settings.Producer.Interval);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        while (!stop.IsCancellationRequested && (count is null || _taken < count))
        {
            if (_taken > 0 && interval > TimeSpan.Zero)
            {
                await Task.Delay(interval, Time, wake.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lost.ThrowIfCancellationRequested();
            }

            if (!stop.IsCancellationRequested)
            {
                yield return NextBid();
            }
        }
    }

    private BidMessage NextBid()
    {
        _generator ??= new BidGenerator(Settings.Items, Settings.Producer.Seed, Settings.Producer.BadRate, Time);
        _taken++;
        return _generator.Next();
    }

    /// <summary>Nothing more will be sent: what is unconfirmed now has failed.</summary>
    internal void GiveUpUnconfirmed() => _publishers.ForEach(p => p.GiveUp());
}
