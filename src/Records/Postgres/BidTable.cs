using Npgsql;

namespace AuctionTracker.Records.Postgres;

/// <summary>The table <c>bids</c>. Keys are compared bytewise, whatever the language of the database.</summary>
internal static class BidTable
{
    private const string Create =
        """
        CREATE TABLE bids (
            message_id text COLLATE "C" PRIMARY KEY,
            bidder_id text NOT NULL,
            bid_amount numeric(18,4) NOT NULL,
            timestamp timestamptz NOT NULL,
            item text NOT NULL,
            bidder_name text NOT NULL,
            bidder_email text NOT NULL,
            auction_id text,
            received_at timestamptz NOT NULL
        );
        CREATE INDEX bids_timestamp ON bids (timestamp);
        CREATE INDEX bids_auction ON bids (auction_id);
        """;

    /// <summary>What PostgreSQL says of the columns of the table above, and of its key.</summary>
    private const string Expected =
        """
        message_id text, bidder_id text, bid_amount numeric(18,4), timestamp timestamp with time zone, item text, bidder_name text,
        bidder_email text, auction_id text, received_at timestamp with time zone; key message_id
        """;

    private const string Describe =
        """
        SELECT (SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
                FROM pg_attribute WHERE attrelid = found.oid AND attnum > 0 AND NOT attisdropped)
            || '; key ' || coalesce((SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_index JOIN pg_attribute ON attrelid = indrelid
                AND attnum = ANY (indkey) WHERE indrelid = found.oid AND indisprimary), 'none')
        FROM (SELECT to_regclass('bids') AS oid) AS found WHERE found.oid IS NOT NULL
        """;

    /// <summary>One number for all programs: of several that start together, one creates the table.</summary>
    private const long CreationLock = 0x61756374696f6e; // "auction"

    /// <summary>Creates the table if it is missing.</summary>
    /// <exception cref="IOException">There is a table of that name with other columns.</exception>
    public static async Task<int> EnsureAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({CreationLock})");
        await using var describe = new NpgsqlCommand(Describe, connection);
        if (await describe.ExecuteScalarAsync(cancel) is not string columns)
        {
            await ExecuteAsync(Create);
        }
        else if (columns != Expected.ReplaceLineEndings(" "))
        {
            throw new IOException(
                $"PostgreSQL's table bids has other columns ({columns}) and is left as it is. Rename it, or choose another database.");
        }

        await transaction.CommitAsync(cancel);
        return 0;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }
}
