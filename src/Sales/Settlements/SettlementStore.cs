using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Live;
using AuctionTracker.Sales.Messages;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Settlements;

/// <summary>
/// The sales, the stock, and the mails to winners in a database. A sale is settled in one transaction: taken from stock, its mail stored, its
/// message in the outbox. Thread-safe, except for <see cref="TakeOverAsync"/> and <see cref="AddAsync"/>, which have one caller at a time.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="settings">The stock at first, and refills.</param>
/// <param name="refills">Whether an item is refilled when its stock is low.</param>
/// <param name="time">The clock.</param>
public sealed class SettlementStore(IDatabase database, StockSettings settings, bool refills, TimeProvider time)
{
    private const string Columns =
        "auction_id, item, winning_amount, winner, bidder_name, bidder_email, closed, bids, bidders, opening_amount, closes, prices";

    /// <summary>Each stock, with the number of the last change of any.</summary>
    internal const string StockLevels = "SELECT item, quantity, (SELECT coalesce(max(id), 0) FROM stock_changes) FROM stock";

    private readonly StateOwner _owner = new(SettlementSchema.Name);
    private readonly MessageOutbox _outbox = new(SettlementSchema.Name);
    private long _lastNumber;

    /// <summary>Takes over from the program that had the state before.</summary>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The sales that wait to be settled, in the order they came.</returns>
    /// <exception cref="IOException">The database can't be used.</exception>
    public Task<List<SoldAuction>> TakeOverAsync(CancellationToken cancel) => database.InTransactionAsync(
        async transaction =>
        {
            await _owner.TakeOverAsync(transaction, cancel);
            _lastNumber = (await Sql.QueryAsync(transaction, "SELECT coalesce(max(number), 0) FROM sales", row => row.GetInt64(0), cancel))[0];
            return await Sql.QueryAsync(transaction, $"SELECT {Columns} FROM sales WHERE settled IS NULL ORDER BY number", Read, cancel);
        }, cancel);

    /// <summary>Stores sales that came. One that is known already is left out.</summary>
    /// <param name="sales">The sales.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The new ones.</returns>
    /// <exception cref="IOException">The database can't be written, or another program has taken over.</exception>
    public async Task<List<SoldAuction>> AddAsync(IReadOnlyCollection<SoldAuction> sales, CancellationToken cancel)
    {
        var (added, number) = await database.InTransactionAsync(
            async transaction =>
            {
                await _owner.RequireAsync(transaction, cancel);
                var (added, number) = (new List<SoldAuction>(), _lastNumber);
                foreach (var sale in sales)
                {
                    if (await InsertAsync(transaction, sale, number + 1, cancel) > 0)
                    {
                        added.Add(sale);
                        number++;
                    }
                }

                return (added, number);
            }, cancel);
        _lastNumber = number;
        return added;
    }

    /// <summary>Settles a sale: takes it from stock, refills the stock if it is low, and stores the winner's mail and the messages.</summary>
    /// <param name="sale">The sale.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns><see langword="false"/> if there is no stock; then nothing has changed.</returns>
    /// <exception cref="IOException">The database can't be written, or another program has taken over.</exception>
    public Task<bool> SettleAsync(SoldAuction sale, CancellationToken cancel) => database.InTransactionAsync(
        async transaction =>
        {
            await _owner.RequireAsync(transaction, cancel);
            var now = time.GetUtcNow();
            var item = AuctionTopology.NameOf(sale.Item);
            var stock = await StockAsync(transaction, item, now, cancel);
            var messages = new List<OutgoingMessage>();
            if (stock.Quantity == 0 && refills)
            {
                await RefillAsync();
            }

            if (stock.Quantity == 0)
            {
                return false;
            }

            if (await Sql.ExecuteAsync(
                transaction, "UPDATE sales SET settled = @now WHERE auction_id = @auction AND settled IS NULL", cancel,
                ("@now", SqliteFile.ToMicroseconds(now)), ("@auction", sale.AuctionId)) == 0)
            {
                return true; // settled before
            }

            await ChangeAsync(-1, "sold");
            if (stock.Quantity == settings.RefillAt - 1)
            {
                messages.Add(SaleJson.WriteStock("stock.low", sale, stock, now));
            }

            if (stock.Quantity < settings.RefillAt && refills)
            {
                await RefillAsync();
            }

            await Sql.ExecuteAsync(
                transaction, "INSERT INTO winner_mails VALUES (@auction, @now, 0, @now, NULL, NULL)", cancel,
                ("@auction", sale.AuctionId), ("@now", SqliteFile.ToMicroseconds(now)));
            messages.Add(SaleJson.Write(sale, stock, now));
            await _outbox.AddAsync(transaction, messages, cancel);
            return true;

            async Task RefillAsync()
            {
                await ChangeAsync(settings.RefillTo - stock.Quantity, "refilled");
                messages.Add(SaleJson.WriteStock("stock.refilled", sale, stock, now));
            }

            async Task ChangeAsync(long change, string cause) => stock = await ChangeStockAsync(transaction, stock, change, cause, sale.AuctionId, now, cancel);
        }, cancel);

    /// <summary>Sets the stock of an item by hand, and stores the message that says so.</summary>
    /// <param name="item">The item's name as in its queue.</param>
    /// <param name="quantity">The new stock, at least 0.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The stock before.</returns>
    /// <exception cref="IOException">The database can't be written.</exception>
    public Task<long> SetStockAsync(string item, long quantity, CancellationToken cancel) => database.InTransactionAsync(
        async transaction =>
        {
            await _owner.LockAsync(transaction, cancel);
            var now = time.GetUtcNow();
            var before = await StockAsync(transaction, item, now, cancel);
            if (before.Quantity != quantity)
            {
                var after = await ChangeStockAsync(transaction, before, quantity - before.Quantity, "by hand", null, now, cancel);
                await _outbox.AddAsync(transaction, [SaleJson.WriteStock(quantity > before.Quantity ? "stock.refilled" : "stock.lowered", after, now)], cancel);
            }

            return before.Quantity;
        }, cancel);

    /// <summary>Reads the oldest mail to a winner that is due.</summary>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The mail, or <see langword="null"/>.</returns>
    /// <exception cref="IOException">The database can't be read.</exception>
    public async Task<WinnerMail?> NextMailAsync(CancellationToken cancel) => (await database.InTransactionAsync(
        transaction => Sql.QueryAsync(
            transaction,
            $"""
            SELECT {Columns}, made, attempts FROM winner_mails JOIN sales USING (auction_id)
            WHERE sent IS NULL AND refused IS NULL AND next <= @now ORDER BY next, number LIMIT 1
            """,
            row => new WinnerMail(Read(row), SqliteFile.FromMicroseconds(row.GetInt64(12)), row.GetInt32(13)), cancel,
            ("@now", SqliteFile.ToMicroseconds(time.GetUtcNow()))), cancel)).SingleOrDefault();

    /// <summary>The number of mails that are neither sent nor refused.</summary>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be read.</exception>
    public async Task<long> CountMailsAsync(CancellationToken cancel) => (await database.InTransactionAsync(
        transaction => Sql.QueryAsync(
            transaction, "SELECT count(*) FROM winner_mails WHERE sent IS NULL AND refused IS NULL", row => row.GetInt64(0), cancel), cancel))[0];

    /// <summary>Marks a mail as sent.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be written.</exception>
    public Task MarkSentAsync(WinnerMail mail, CancellationToken cancel) => UpdateMailAsync(mail, "sent = @value", SqliteFile.ToMicroseconds(time.GetUtcNow()), cancel);

    /// <summary>Marks a mail as refused: it is not tried again.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be written.</exception>
    public Task MarkRefusedAsync(WinnerMail mail, string reason, CancellationToken cancel) => UpdateMailAsync(mail, "refused = @value", StorableText.Of(reason), cancel);

    /// <summary>Puts a mail off.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="until">When it is due again.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be written.</exception>
    public Task PostponeAsync(WinnerMail mail, DateTimeOffset until, CancellationToken cancel) => UpdateMailAsync(mail, "next = @value", SqliteFile.ToMicroseconds(until), cancel);

    private Task<int> UpdateMailAsync(WinnerMail mail, string assignment, object value, CancellationToken cancel) => database.InTransactionAsync(
        transaction => Sql.ExecuteAsync(
            transaction, $"UPDATE winner_mails SET attempts = attempts + 1, {assignment} WHERE auction_id = @auction AND sent IS NULL", cancel,
            ("@auction", mail.Sale.AuctionId), ("@value", value)), cancel);

    /// <summary>The stock of an item, which begins with what the settings say.</summary>
    private async Task<StockLevel> StockAsync(DbTransaction transaction, string item, DateTimeOffset now, CancellationToken cancel)
    {
        var found = await Sql.QueryAsync(transaction, $"{StockLevels} WHERE item = @item", ReadStock, cancel, ("@item", item));
        if (found.Count > 0)
        {
            return found[0];
        }

        await Sql.ExecuteAsync(transaction, "INSERT INTO stock VALUES (@item, 0)", cancel, ("@item", item));
        return await ChangeStockAsync(
            transaction, new StockLevel(item, 0, 0), settings.StartOfItems.GetValueOrDefault(item, settings.Start), "start", null, now, cancel);
    }

    /// <returns>The stock after the change.</returns>
    private static async Task<StockLevel> ChangeStockAsync(
        DbTransaction transaction, StockLevel before, long change, string cause, string? auction, DateTimeOffset now, CancellationToken cancel)
    {
        var number = (await Sql.QueryAsync(transaction, "SELECT coalesce(max(id), 0) + 1 FROM stock_changes", row => row.GetInt64(0), cancel))[0];
        await Sql.ExecuteAsync(
            transaction, "INSERT INTO stock_changes VALUES (@number, @item, @change, @cause, @auction, @time)", cancel, ("@number", number),
            ("@item", before.Item), ("@change", change), ("@cause", cause), ("@auction", auction), ("@time", SqliteFile.ToMicroseconds(now)));
        await Sql.ExecuteAsync(
            transaction, "UPDATE stock SET quantity = quantity + @change WHERE item = @item", cancel, ("@change", change), ("@item", before.Item));
        return before with { Quantity = before.Quantity + change, Change = number };
    }

    private static Task<int> InsertAsync(DbTransaction transaction, SoldAuction sale, long number, CancellationToken cancel) => Sql.ExecuteAsync(
        transaction,
        """
        INSERT INTO sales VALUES (@auction, @number, @item, @bids, @bidders, @opening, @amount, @winner, @name, @email, @closes, @closed, @prices, NULL)
        ON CONFLICT (auction_id) DO NOTHING
        """,
        cancel,
        ("@auction", sale.AuctionId), ("@number", number), ("@item", sale.Item), ("@bids", (long)sale.Bids), ("@bidders", (long)sale.Bidders),
        ("@opening", sale.Opening is { } opening ? Text(opening) : null), ("@amount", Text(sale.Amount)), ("@winner", sale.Winner),
        ("@name", sale.WinnerName), ("@email", sale.WinnerEmail), ("@closes", SqliteFile.ToMicroseconds(sale.Closes)),
        ("@closed", SqliteFile.ToMicroseconds(sale.Closed)), ("@prices", SaleJson.Object(json => SaleJson.WritePrices(json, sale.Prices))));

    internal static StockLevel ReadStock(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), row.GetInt64(2));

    private static SoldAuction Read(DbDataReader row)
    {
        using var prices = JsonDocument.Parse(row.GetFieldValue<byte[]>(11));
        return new SoldAuction(
            row.GetString(0), row.GetString(1), Amount(row.GetString(2)), row.GetString(3), row.GetString(4), row.GetString(5),
            SqliteFile.FromMicroseconds(row.GetInt64(6)))
        {
            Bids = row.GetInt32(7),
            Bidders = row.GetInt32(8),
            Opening = row.IsDBNull(9) ? null : Amount(row.GetString(9)),
            Closes = SqliteFile.FromMicroseconds(row.GetInt64(10)),
            Prices = SaleJson.ReadPrices(prices.RootElement.GetProperty("prices")),
        };
    }

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A mail to a winner.</summary>
/// <param name="Sale">What it is about.</param>
/// <param name="Made">Its date, whenever it is sent.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record WinnerMail(SoldAuction Sale, DateTimeOffset Made, int Attempts);
