using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Settlements;

/// <summary>
/// The tables of Settlement, for SQLite and PostgreSQL. Times are microseconds since 1970-01-01 UTC, amounts exact decimal texts. Items of the
/// stock are names as in their queues. Each change of a stock is a row with its cause: <c>start</c>, <c>sold</c>, <c>refilled</c> or <c>by hand</c>.
/// </summary>
internal static class SettlementSchema
{
    /// <summary>The name of the schema in a PostgreSQL database, and of the program.</summary>
    public const string Name = "settlement";

    /// <summary>The migrations, oldest first.</summary>
    public static readonly IReadOnlyList<string> Versions =
    [
        $"""
        {StateOwner.Table(Name)}
        {MessageOutbox.Table(Name)}
        CREATE TABLE sales (
            auction_id TEXT PRIMARY KEY,
            number BIGINT NOT NULL,
            item TEXT NOT NULL,
            bids BIGINT NOT NULL,
            bidders BIGINT NOT NULL,
            opening_amount TEXT,
            winning_amount TEXT NOT NULL,
            winner TEXT NOT NULL,
            bidder_name TEXT NOT NULL,
            bidder_email TEXT NOT NULL,
            closes BIGINT NOT NULL,
            closed BIGINT NOT NULL,
            prices BYTEA NOT NULL,
            settled BIGINT
        );
        CREATE INDEX sales_waiting ON sales (number) WHERE settled IS NULL;
        CREATE INDEX sales_settled ON sales (settled) WHERE settled IS NOT NULL;
        CREATE TABLE stock (
            item TEXT PRIMARY KEY,
            quantity BIGINT NOT NULL
        );
        CREATE TABLE stock_changes (
            id BIGINT PRIMARY KEY,
            item TEXT NOT NULL,
            change BIGINT NOT NULL,
            cause TEXT NOT NULL,
            auction_id TEXT,
            time BIGINT NOT NULL
        );
        CREATE TABLE winner_mails (
            auction_id TEXT PRIMARY KEY,
            made BIGINT NOT NULL,
            attempts BIGINT NOT NULL,
            next BIGINT NOT NULL,
            sent BIGINT,
            refused TEXT
        );
        CREATE INDEX winner_mails_waiting ON winner_mails (next) WHERE sent IS NULL AND refused IS NULL;
        """,
    ];

    /// <summary>The tables that others may read, as of the last version.</summary>
    public static readonly IReadOnlyList<StoredTable> Tables =
    [
        new(
            "sales", new("auction_id"), new("number", ColumnKind.Number), new("item"), new("bids", ColumnKind.Number),
            new("bidders", ColumnKind.Number), new("opening_amount", ColumnKind.Amount), new("winning_amount", ColumnKind.Amount), new("winner"),
            new("bidder_name"), new("bidder_email"), new("closes", ColumnKind.Time), new("closed", ColumnKind.Time), new("settled", ColumnKind.Time))
        { Time = "settled", Item = "item" },
        new("stock", new("item"), new("quantity", ColumnKind.Number)) { Item = "item", NamesItemsAsQueues = true },
        new(
            "stock_changes", new("id", ColumnKind.Number), new("item"), new("change", ColumnKind.Number), new("cause"), new("auction_id"),
            new("time", ColumnKind.Time))
        { Item = "item", NamesItemsAsQueues = true },
        new(
            "winner_mails", new("auction_id"), new("made", ColumnKind.Time), new("attempts", ColumnKind.Number), new("next", ColumnKind.Time),
            new("sent", ColumnKind.Time), new("refused")),
    ];
}
