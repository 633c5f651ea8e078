using System.CommandLine;
using System.Runtime.CompilerServices;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using Serilog;
using Serilog.Core;

namespace AuctionTracker.Core.Hosting;

/// <summary>One run of a program: its settings, log and counts, and the connection, consumer and publishers made from them.</summary>
public sealed class ProgramRun
{
    private static readonly TimeSpan ConsumerReadPause = TimeSpan.FromMilliseconds(4);

    /// <summary>With a smaller prefetch a read cannot bring much, and the broker waits for acks during the pause.</summary>
    private const int LeastGatheredPrefetch = 50;

    private readonly string _program;
    private readonly List<BidPublisher> _publishers = [];
    private BidGenerator? _generator;
    private int _generated;

    internal ProgramRun(
        string program, ProgramDefinition definition, AuctionSettings settings, ParseResult arguments, ILogger log, TimeProvider time)
    {
        (_program, Settings, Arguments, Log, Time) = (program, settings, arguments, log, time);
        BidLog = settings.Run.Quiet ? Logger.None : log;
        Broker = new Broker(settings.Broker, program, log, time)
        {
            UnconfirmedCount = () => _publishers.Sum(p => p.InFlight),
            ReadPause = definition.Flags.Contains(AllSettings.Prefetch) ? ReadPauseFor(settings.Consumer.Prefetch) : TimeSpan.Zero,
        };
        Consumer = new BidConsumer(settings.Consumer, program, Counts, log, time);
    }

    /// <summary>The settings of this run.</summary>
    public AuctionSettings Settings { get; }

    /// <summary>The parsed command line, for the program's own options and arguments.</summary>
    public ParseResult Arguments { get; }

    /// <summary>The log, on the console and in the log file.</summary>
    public ILogger Log { get; }

    /// <summary>The log for lines about a single bid; silent with <c>--quiet</c>.</summary>
    public ILogger BidLog { get; }

    /// <summary>The counts, printed when the program ends.</summary>
    public Counts Counts { get; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The connection to RabbitMQ.</summary>
    public Broker Broker { get; }

    /// <summary>Reads bids from queues.</summary>
    public BidConsumer Consumer { get; }

    /// <summary>Creates a publisher. Messages that are unconfirmed when the program ends count as failed.</summary>
    /// <param name="confirmed">Called for each confirmed message; see <see cref="BidPublisher"/>.</param>
    public BidPublisher Publisher(Action<BidMessage> confirmed)
    {
        var publisher = new BidPublisher(
            Settings.Broker.ConfirmWindow, Settings.Broker.ConfirmDeadline, _program, Counts, confirmed, Log, Time, () => Broker.IsBlocked);
        _publishers.Add(publisher);
        return publisher;
    }

    /// <summary>Creates the log of a part of the program: its lines begin with the part's name.</summary>
    /// <param name="part">The name.</param>
    public ILogger LogOf(string part) => Log.ForContext(LogFormatter.Part, part);

    /// <summary>Creates a connection of its own for a part of the program that consumes.</summary>
    /// <param name="part">The name of the part, in its log lines and on the admin site.</param>
    /// <param name="prefetch">The number of messages it prefetches.</param>
    /// <param name="waits">Whether it waits for a broker that can't be reached, whatever the settings say.</param>
    public Broker BrokerOf(string part, int prefetch, bool waits = false) =>
        new(Settings.Broker with { Wait = waits || Settings.Broker.Wait }, $"{_program}.{part}", LogOf(part), Time) { ReadPause = ReadPauseFor(prefetch) };

    private static TimeSpan ReadPauseFor(int prefetch) => prefetch >= LeastGatheredPrefetch ? ConsumerReadPause : TimeSpan.Zero;

    /// <summary>Generates messages. A second enumeration continues where the first one stopped.</summary>
    /// <param name="count">The number of messages in all enumerations together.</param>
    public IEnumerable<BidMessage> Bids(int count)
    {
        while (_generated < count)
        {
            yield return NextBid();
        }
    }

    /// <summary>
    /// Generates a message at once and then one every interval, until the count of the settings is reached or the program is stopped. A
    /// second enumeration continues where the first one stopped.
    /// </summary>
    /// <param name="stop">Ends the enumeration.</param>
    /// <param name="lost">Cancelled when the connection is lost; a wait then throws <see cref="OperationCanceledException"/>.</param>
    public async IAsyncEnumerable<BidMessage> Bids(CancellationToken stop, [EnumeratorCancellation] CancellationToken lost = default)
    {
        var (count, interval) = (Settings.Producer.Count, Settings.Producer.Interval);
        using var wake = CancellationTokenSource.CreateLinkedTokenSource(stop, lost);
        while (!stop.IsCancellationRequested && (count is null || _generated < count))
        {
            if (_generated > 0 && interval > TimeSpan.Zero)
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
        _generator ??= new BidGenerator(Settings.Items, Settings.Producer.Seed, Settings.Producer.BadRate, Time, Settings.Producer.Auctions, Settings.Producer.AuctionTime);
        _generated++;
        return _generator.Next();
    }

    /// <summary>Counts the unconfirmed messages of all publishers as failed.</summary>
    internal void FailUnconfirmed() => _publishers.ForEach(p => p.FailUnconfirmed());
}
