namespace AuctionTracker.Records.Sqlite;

/// <summary>
/// The schema of a record in SQLite, which has neither exact decimals nor times: an amount is a whole number of ten-thousandths, a time
/// microseconds since 1970-01-01 UTC. The view <c>readable_bids</c> shows both as people write them.
/// </summary>
internal static class BidSchema
{
    private const decimal TenThousandths = 10_000;

    /// <summary>The migrations, oldest first.</summary>
    public static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE bids (
            message_id TEXT PRIMARY KEY,
            bidder_id TEXT NOT NULL,
            bid_amount INTEGER NOT NULL,
            timestamp INTEGER NOT NULL,
            item TEXT NOT NULL,
            bidder_name TEXT NOT NULL,
            bidder_email TEXT NOT NULL,
            auction_id TEXT,
            received_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE VIEW readable_bids AS SELECT
            message_id, bidder_id, bid_amount / 10000.0 AS bid_amount, strftime('%Y-%m-%dT%H:%M:%f', timestamp / 1e6, 'unixepoch') AS timestamp,
            item, bidder_name, bidder_email, auction_id, strftime('%Y-%m-%dT%H:%M:%f', received_at / 1e6, 'unixepoch') AS received_at
            FROM bids;
        """,
    ];

    public static long ToTenThousandths(decimal amount) => (long)(amount * TenThousandths);

    public static decimal FromTenThousandths(long amount) => amount / TenThousandths;
}
