using System.Data.Common;
using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Sales.Messages;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// The state of Auctioneer in a database. One call at a time.
/// </summary>
/// <param name="database">The database, with <see cref="AuctionSchema"/>.</param>
internal sealed class AuctionStore(IDatabase database)
{
    private const int IdsPerQuery = 100;

    /// <summary>Bids that a sweep reads for each bid that is added, so that it keeps up and no batch waits long for it.</summary>
    private const int SweepFactor = 3;

    /// <summary>The newest bids of the journal, which stay: RabbitMQ may deliver them again.</summary>
    private const int Kept = 50_000;

    private readonly StateOwner _owner = new(AuctionSchema.Name);
    private readonly MessageOutbox _outbox = new(AuctionSchema.Name);
    private readonly Queue<(long Id, int Bids)> _recent = [];
    private long _lastId;
    private long _sweptUntil;
    private long _recentBids;

    /// <summary>The number of bids in the journal, those of closed auctions among them.</summary>
    public long JournalBids { get; private set; }

    /// <summary>Takes over from the program that had the state before, and reads the journal.</summary>
    /// <param name="load">Gets each bid, and whether its auction is closed.</param>
    /// <param name="cancel">Cancels the operation.</param>
    public Task TakeOverAsync(Action<BidLine, bool> load, CancellationToken cancel) => database.InTransactionAsync(
        async transaction =>
        {
            await _owner.TakeOverAsync(transaction, cancel);
            (_lastId, _sweptUntil, _recentBids, JournalBids) = (0, 0, 0, 0);
            _recent.Clear();
            while (await ReadJournalAsync(transaction, _lastId, cancel) is { Count: > 0 } rows)
            {
                foreach (var (id, lines) in rows)
                {
                    var closed = await FindClosedAsync(transaction, lines.Select(l => l.Bid.AuctionId!), cancel);
                    lines.ForEach(line => load(line, closed.Contains(line.Bid.AuctionId!)));
                    CountRow(id, lines.Count);
                }
            }

            return 0;
        }, cancel);

    /// <summary>Finds out which auctions are closed.</summary>
    public Task<HashSet<string>> FindClosedAsync(IReadOnlyCollection<string> auctions, CancellationToken cancel) =>
        auctions.Count == 0
            ? Task.FromResult(new HashSet<string>())
            : database.InTransactionAsync(transaction => FindClosedAsync(transaction, auctions, cancel), cancel);

    /// <summary>Commits what a batch changed, in one transaction with the messages that say so.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="isOpen">Whether an auction is open after them.</param>
    /// <param name="openBids">The number of bids of open auctions after them.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be written, or another program has taken over. What was committed is unknown.</exception>
    public async Task CommitAsync(AuctionChanges changes, Func<string, bool> isOpen, long openBids, CancellationToken cancel)
    {
        var swept = await database.InTransactionAsync(
            async transaction =>
            {
                await _owner.RequireAsync(transaction, cancel);
                if (changes.Counted.Count > 0)
                {
                    await WriteRowAsync(transaction, _lastId + 1, changes.Counted, cancel);
                }

                foreach (var auction in changes.Closed)
                {
                    await InsertAsync(transaction, auction, cancel);
                }

                foreach (var auction in changes.Alerting)
                {
                    await AuctionAlertTable.InsertAsync(transaction, auction, cancel);
                }

                await _outbox.AddAsync(transaction, [.. changes.Closed.Select(SaleJson.Write)], cancel);
                foreach (var (line, came) in changes.Late)
                {
                    await InsertLateAsync(transaction, line, came, cancel);
                }

                return JournalBids > (2 * openBids) + Kept ? await SweepAsync(transaction, SweepFactor * changes.Counted.Count, isOpen, cancel) : null;
            }, cancel);
        if (changes.Counted.Count > 0)
        {
            CountRow(_lastId + 1, changes.Counted.Count);
        }

        (_sweptUntil, JournalBids) = swept is { } done ? (done.Until, JournalBids - done.Dropped) : (_sweptUntil, JournalBids);
    }

    /// <summary>Reads closed auctions that are to alert, those that closed first. None if another program has taken over. For any thread.</summary>
    public Task<List<ClosedAuction>> ReadAlertsAsync(int count, CancellationToken cancel) => database.InTransactionAsync(
        async transaction => await _owner.IsOwnerAsync(transaction, cancel) ? await AuctionAlertTable.ReadAsync(transaction, count, cancel) : [], cancel);

    /// <summary>Removes auctions whose alerts are stored elsewhere. For any thread.</summary>
    public Task RemoveAlertsAsync(IReadOnlyCollection<ClosedAuction> auctions, CancellationToken cancel) =>
        database.InTransactionAsync(transaction => AuctionAlertTable.DeleteAsync(transaction, auctions, cancel), cancel);

    private void CountRow(long id, int bids)
    {
        (_lastId, JournalBids, _recentBids) = (id, JournalBids + bids, _recentBids + bids);
        _recent.Enqueue((id, bids));
        while (_recentBids - _recent.Peek().Bids >= Kept)
        {
            _recentBids -= _recent.Dequeue().Bids;
        }
    }

    /// <summary>Puts some of the oldest rows into one, without the bids of closed auctions. It starts again from the oldest row after the last.</summary>
    private async Task<(long Until, int Dropped)?> SweepAsync(
        DbTransaction transaction, int size, Func<string, bool> isOpen, CancellationToken cancel)
    {
        var (rows, read) = (new List<(long Id, List<BidLine> Lines)>(), 0);
        foreach (var row in await ReadJournalAsync(transaction, _sweptUntil, cancel))
        {
            if (read >= size || row.Id >= _recent.Peek().Id)
            {
                break;
            }

            rows.Add(row);
            read += row.Lines.Count;
        }

        if (rows.Count == 0)
        {
            return (0, 0);
        }

        var open = rows.SelectMany(row => row.Lines).Where(line => isOpen(line.Bid.AuctionId!)).ToList();
        await Sql.ExecuteAsync(
            transaction, "DELETE FROM auctioneer_journal WHERE id > @from AND id <= @until", cancel, ("@from", _sweptUntil), ("@until", rows[^1].Id));
        if (open.Count > 0)
        {
            await WriteRowAsync(transaction, rows[^1].Id, open, cancel);
        }

        return (rows[^1].Id, read - open.Count);
    }

    private static async Task<List<(long Id, List<BidLine> Lines)>> ReadJournalAsync(DbTransaction transaction, long after, CancellationToken cancel) =>
        await Sql.QueryAsync(
            transaction, "SELECT id, lines FROM auctioneer_journal WHERE id > @after ORDER BY id LIMIT 20",
            row => (row.GetInt64(0), Lines(row.GetFieldValue<byte[]>(1))), cancel, ("@after", after));

    private static List<BidLine> Lines(byte[] text)
    {
        var lines = new List<BidLine>();
        for (var rest = text.AsSpan(); rest.Length > 0; rest = rest[(rest.IndexOf((byte)'\n') + 1)..])
        {
            lines.Add(BidLine.TryRead(rest[..rest.IndexOf((byte)'\n')], out var line, out var reason) ? line : throw new InvalidDataException(reason));
        }

        return lines;
    }

    private static Task<int> WriteRowAsync(DbTransaction transaction, long id, List<BidLine> lines, CancellationToken cancel)
    {
        using var text = new MemoryStream();
        lines.ForEach(line => text.Write(line.ToBytes()));
        return Sql.ExecuteAsync(
            transaction, "INSERT INTO auctioneer_journal VALUES (@id, @bids, @lines)", cancel, ("@id", id), ("@bids", lines.Count), ("@lines", text.ToArray()));
    }

    private static async Task<HashSet<string>> FindClosedAsync(DbTransaction transaction, IEnumerable<string> auctions, CancellationToken cancel)
    {
        var closed = new HashSet<string>();
        foreach (var ids in auctions.Distinct().Chunk(IdsPerQuery))
        {
            var (names, values) = Sql.ListOf(ids);
            closed.UnionWith(await Sql.QueryAsync(
                transaction, $"SELECT auction_id FROM auctions WHERE auction_id IN ({names})", row => row.GetString(0), cancel, values));
        }

        return closed;
    }

    private static Task<int> InsertAsync(DbTransaction transaction, ClosedAuction auction, CancellationToken cancel) => Sql.ExecuteAsync(
        transaction,
        """
        INSERT INTO auctions VALUES (@auction, @item, @closes, @closed, @sold, @bids, @bidders, @opening, @highest, @time, @bidder, @name, @email)
        """,
        cancel,
        ("@auction", auction.AuctionId), ("@item", StorableText.Of(auction.Item)), ("@closes", SqliteFile.ToMicroseconds(auction.Closes)),
        ("@closed", SqliteFile.ToMicroseconds(auction.Closed)), ("@sold", auction.IsSold ? 1L : 0L), ("@bids", (long)auction.Bids),
        ("@bidders", (long)auction.Bidders), ("@opening", auction.Opening is { } opening ? Text(opening) : null), ("@highest", Text(auction.Highest.Amount)),
        ("@time", SqliteFile.ToMicroseconds(auction.Highest.Timestamp)), ("@bidder", StorableText.Of(auction.Highest.BidderId)),
        ("@name", StorableText.Of(auction.Highest.BidderName)), ("@email", StorableText.Of(auction.Highest.BidderEmail)));

    private static Task<int> InsertLateAsync(DbTransaction transaction, BidLine late, DateTimeOffset came, CancellationToken cancel) => Sql.ExecuteAsync(
        transaction, "INSERT INTO late_bids VALUES (@message, @auction, @bidder, @amount, @made, @came) ON CONFLICT DO NOTHING", cancel,
        ("@message", StorableText.Of(late.MessageId)), ("@auction", late.Bid.AuctionId), ("@bidder", StorableText.Of(late.Bid.BidderId)),
        ("@amount", Text(late.Bid.Amount)), ("@made", SqliteFile.ToMicroseconds(late.Bid.Timestamp)), ("@came", SqliteFile.ToMicroseconds(came)));

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a batch of bids changes.</summary>
internal sealed class AuctionChanges
{
    /// <summary>The bids that count.</summary>
    public List<BidLine> Counted { get; } = [];

    /// <summary>The bids that were late, and when they came.</summary>
    public List<(BidLine Line, DateTimeOffset Came)> Late { get; } = [];

    /// <summary>The auctions that are over.</summary>
    public List<ClosedAuction> Closed { get; } = [];

    /// <summary>Those of them that are to alert.</summary>
    public List<ClosedAuction> Alerting { get; } = [];

    public bool IsEmpty => Counted.Count + Late.Count + Closed.Count == 0;
}
