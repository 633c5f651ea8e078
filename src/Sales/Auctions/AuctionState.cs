using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Live;
using AuctionTracker.Core.Settings;
using AuctionTracker.Storage;
using Serilog;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// The auctions that are open, in memory and in a database, and what becomes of them. What a batch changes is committed before it is acked,
/// with the messages that announce it. After an error the state is read from the database again. One call at a time, except where it says otherwise.
/// </summary>
/// <param name="database">Where the state is.</param>
/// <param name="settings">By whose time auctions close.</param>
/// <param name="counts">Counts what becomes of bids and auctions.</param>
/// <param name="log">Gets a line for each auction that closes.</param>
/// <param name="time">The clock.</param>
public sealed class AuctionState(IDatabase database, AuctioneerSettings settings, AuctionCounts counts, ILogger log, TimeProvider time)
{
    /// <summary>RabbitMQ delivers bids again that were not acked; by then their auction may be closed.</summary>
    private const int RecentIds = 50_000;

    private readonly AuctionStore _store = new(database);
    private AuctionBook _book = new();
    private AuctionClock _clock = new(settings.Clock, settings.Late);
    private SeenIds _recent = new(RecentIds);
    private bool _isLoaded;

    /// <summary>Whether an auction that closes is to alert. None by default.</summary>
    public Func<ClosedAuction, bool> Alerts { get; init; } = _ => false;

    /// <summary>Whether it needs to know the time: auctions are open that close by the wall, or the state was not read from the database yet.</summary>
    public bool NeedsClock => !_isLoaded || (settings.Clock == ClockKind.Wall && _book.Count > 0);

    /// <summary>The number of open auctions in memory.</summary>
    public int Open => _book.Count;

    /// <summary>Forgets what is in memory: another program may have had the state meanwhile. It is read again with the next batch.</summary>
    public void Forget() => _isLoaded = false;

    /// <summary>Applies what came, in order, and commits it.</summary>
    /// <param name="arrivals">Bids, and times.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be used, or another program has taken over.</exception>
    public async Task ApplyAsync(IReadOnlyList<Arrival> arrivals, CancellationToken cancel)
    {
        try
        {
            await EnsureLoadedAsync(cancel);
            arrivals = [.. arrivals.Select(Storable)];
            var unknown = arrivals.Select(a => a.Bid?.AuctionId).OfType<string>().Where(id => !_book.IsOpen(id)).Distinct().ToList();
            var closed = await _store.FindClosedAsync(unknown, cancel);
            var (changes, counted, ahead) = (new AuctionChanges(), new List<BidOutcome>(), new List<BidLine>());
            var now = time.GetUtcNow();
            foreach (var arrival in arrivals)
            {
                if (arrival.Bid is { } bid)
                {
                    if (!_clock.SeeBid(bid.Timestamp, now))
                    {
                        ahead.Add(new BidLine(arrival.Id, bid, ReceivedAt: null));
                    }

                    counted.Add(Apply(arrival.Id, bid, closed, changes, now));
                }
                else
                {
                    _clock.ReadUntil(arrival.Time);
                }

                foreach (var auction in _book.CloseUntil(_clock.Time, now))
                {
                    closed.Add(auction.AuctionId);
                    changes.Closed.Add(auction);
                }
            }

            await CommitAsync(changes, cancel);
            counted.ForEach(counts.Add);
            counts.FromTheFuture.Add(ahead.Count);
            ahead.ForEach(line => log.Warning(
                "Bid {Id} is of {Time}, which is more than five minutes ahead: it does not move the clock.", line.MessageId, Bid.Format(line.Bid.Timestamp)));
        }
        catch
        {
            _isLoaded = false;
            throw;
        }
    }

    /// <summary>Closes all auctions that are open, whatever their time.</summary>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be used, or another program has taken over.</exception>
    public async Task CloseRestAsync(CancellationToken cancel)
    {
        await EnsureLoadedAsync(cancel);
        var changes = new AuctionChanges();
        changes.Closed.AddRange(_book.CloseUntil(DateTimeOffset.MaxValue, time.GetUtcNow()));
        await CommitAsync(changes, cancel);
    }

    /// <summary>
    /// Reads closed auctions that are to alert, those that closed first. They stay until they are removed. Only the program that has the state
    /// gets them. For any thread.
    /// </summary>
    /// <param name="count">The most auctions to read.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task<List<ClosedAuction>> ReadAlertsAsync(int count, CancellationToken cancel) => _store.ReadAlertsAsync(count, cancel);

    /// <summary>Removes closed auctions whose alerts are stored elsewhere. For any thread.</summary>
    /// <param name="auctions">The auctions.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task RemoveAlertsAsync(IReadOnlyCollection<ClosedAuction> auctions, CancellationToken cancel) => _store.RemoveAlertsAsync(auctions, cancel);

    private BidOutcome Apply(string id, Bid bid, HashSet<string> closed, AuctionChanges changes, DateTimeOffset now)
    {
        var isNew = _recent.Add(id);
        var outcome = bid.AuctionId is { } auction && closed.Contains(auction) ? BidOutcome.AfterClosing : _book.Add(id, bid, _clock.Time);
        if (outcome is BidOutcome.Counted or BidOutcome.CountedWithOtherEnd)
        {
            changes.Counted.Add(new BidLine(id, bid, ReceivedAt: null));
        }
        else if (outcome == BidOutcome.AfterClosing && !isNew)
        {
            return BidOutcome.Repeated;
        }
        else if (outcome == BidOutcome.AfterClosing)
        {
            changes.Late.Add((new BidLine(id, bid, ReceivedAt: null), now));
        }

        return outcome;
    }

    /// <summary>The id of an auction is a key of the database.</summary>
    private static Arrival Storable(Arrival arrival) => arrival.Bid?.AuctionId?.Contains('\0', StringComparison.Ordinal) == true
        ? arrival with { Bid = arrival.Bid with { AuctionId = StorableText.Of(arrival.Bid.AuctionId) } }
        : arrival;

    private async Task CommitAsync(AuctionChanges changes, CancellationToken cancel)
    {
        if (changes.IsEmpty)
        {
            return;
        }

        changes.Alerting.AddRange(changes.Closed.Where(Alerts));
        await _store.CommitAsync(changes, _book.IsOpen, _book.Bids, cancel);
        foreach (var auction in changes.Closed)
        {
            (auction.IsSold ? counts.Sold : counts.Unsold).Add(1);
            log.Information("{Auction}", Describe(auction));
        }

        foreach (var (line, _) in changes.Late)
        {
            log.Information("Came after closing: {Bid} on auction {Auction}.", line.Bid, line.Bid.AuctionId);
        }
    }

    private static string Describe(ClosedAuction auction)
    {
        var outcome = auction.IsSold ? $"sold to {auction.Highest.BidderName} for" : "unsold, highest bid";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Auction {auction.AuctionId} closed: {auction.Item} {outcome} {auction.Highest.Amount:0.00} ({Caption.Count(auction.Bids, "bid")} of {Caption.Count(auction.Bidders, "bidder")}).");
    }

    private async Task EnsureLoadedAsync(CancellationToken cancel)
    {
        if (_isLoaded)
        {
            return;
        }

        (_book, _clock, _recent) = (new AuctionBook(), new AuctionClock(settings.Clock, settings.Late), new SeenIds(RecentIds));
        var now = time.GetUtcNow();
        await _store.TakeOverAsync(
            (line, isClosed) =>
            {
                _recent.Add(line.MessageId);
                _clock.SeeBid(line.Bid.Timestamp, now);
                if (!isClosed)
                {
                    _book.Add(line.MessageId, line.Bid, DateTimeOffset.MinValue);
                }
            }, cancel);
        _isLoaded = true;
        if (_book.Count > 0)
        {
            log.Information("{Auctions} auctions are open, with {Bids} bids.", _book.Count, _book.Bids);
        }
    }
}

/// <summary>What came from the queue: a bid, or the time of which it is known that all bids that came before are read.</summary>
/// <param name="Id">Identifies the bid.</param>
/// <param name="Bid">The bid, or <see langword="null"/>.</param>
/// <param name="Time">That time, if there is no bid.</param>
public readonly record struct Arrival(string Id, Bid? Bid, DateTimeOffset Time);
