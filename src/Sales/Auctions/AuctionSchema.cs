using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.Auctions;

/// <summary>
/// The tables of Auctioneer, for SQLite and PostgreSQL. Times are microseconds since 1970-01-01 UTC, amounts exact decimal texts. The journal
/// holds the bids of open auctions, a batch in a row, as lines in the wire format. <c>auctioneer_alerts</c> are closed
/// auctions whose alert is not in the outbox of alerts yet.
/// </summary>
internal static class AuctionSchema
{
    /// <summary>The name of the schema in a PostgreSQL database, and of the program.</summary>
    public const string Name = "auctioneer";

    /// <summary>The migrations, oldest first.</summary>
    public static readonly IReadOnlyList<string> Versions =
    [
        $"""
        {StateOwner.Table(Name)}
        {MessageOutbox.Table(Name)}
        CREATE TABLE auctioneer_journal (
            id BIGINT PRIMARY KEY,
            bids INTEGER NOT NULL,
            lines BYTEA NOT NULL
        );
        CREATE TABLE auctions (
            auction_id TEXT PRIMARY KEY,
            item TEXT NOT NULL,
            closes BIGINT NOT NULL,
            closed BIGINT NOT NULL,
            sold BIGINT NOT NULL,
            bids BIGINT NOT NULL,
            bidders BIGINT NOT NULL,
            opening_amount TEXT,
            highest_amount TEXT NOT NULL,
            highest_time BIGINT NOT NULL,
            bidder_id TEXT NOT NULL,
            bidder_name TEXT NOT NULL,
            bidder_email TEXT NOT NULL
        );
        CREATE INDEX auctions_closes ON auctions (closes);
        CREATE TABLE late_bids (
            message_id TEXT PRIMARY KEY,
            auction_id TEXT NOT NULL,
            bidder_id TEXT NOT NULL,
            amount TEXT NOT NULL,
            made BIGINT NOT NULL,
            came BIGINT NOT NULL
        );
        """,
        """
        CREATE TABLE auctioneer_alerts (
            auction_id TEXT PRIMARY KEY,
            prices BYTEA NOT NULL
        );
        """,
    ];

    /// <summary>The tables that others may read, as of the last version.</summary>
    public static readonly IReadOnlyList<StoredTable> Tables =
    [
        new(
            "auctions", new("auction_id"), new("item"), new("closes", ColumnKind.Time), new("closed", ColumnKind.Time), new("sold", ColumnKind.Flag),
            new("bids", ColumnKind.Number), new("bidders", ColumnKind.Number), new("opening_amount", ColumnKind.Amount),
            new("highest_amount", ColumnKind.Amount), new("highest_time", ColumnKind.Time), new("bidder_id"), new("bidder_name"), new("bidder_email"))
        { Time = "closes", Item = "item" },
        new(
            "late_bids", new("message_id"), new("auction_id"), new("bidder_id"), new("amount", ColumnKind.Amount), new("made", ColumnKind.Time),
            new("came", ColumnKind.Time))
        { Time = "made" },
    ];
}
