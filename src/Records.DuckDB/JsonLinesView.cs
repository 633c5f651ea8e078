using AuctionTracker.Core.Bids;

namespace AuctionTracker.Records.DuckDB;

/// <summary>
/// Reads JSON lines with DuckDB's own reader, on all cores. It accepts more than <see cref="BidJson"/> does, so each line must look like one
/// that the suite writes; a query that meets another one fails with <see cref="DoubtfulLine"/>, and our own reader takes over.
/// </summary>
internal static class JsonLinesView
{
    /// <summary>What the error of a query says that met a line for our own reader.</summary>
    public const string DoubtfulLine = "a line is not in the usual form";

    /// <summary>
    /// The conditions of the usual form. Amounts below 2^39 are exact to four decimals in DuckDB, which reads numbers as doubles. Lengths are in
    /// bytes, so they are at least those in UTF-16 code units.
    /// </summary>
    public static readonly string Condition =
        $"""
        WHERE if(message_id <> '' AND strlen(message_id) <= {BidJson.MaxTextLength} AND strlen(bidder_id) <= {BidJson.MaxTextLength}
            AND bid_amount > 0 AND bid_amount < 500000000000 AND isfinite(timestamp) AND isfinite(received_at)
            AND strlen(item) <= {BidJson.MaxTextLength} AND regexp_matches(item, '{LetterOrDigit}')
            AND strlen(bidder_name) <= {BidJson.MaxTextLength} AND strlen(bidder_email) <= {BidJson.MaxTextLength}
            AND coalesce(strlen(auction_id), 0) <= {BidJson.MaxTextLength}, true, error('{DoubtfulLine}'))
        """;

    private const string LetterOrDigit = @"[\p{L}\p{N}]";

    /// <summary>An amount is read as JSON, because a text column would take a text for a number.</summary>
    private const string Columns =
        "{message_id: 'VARCHAR', bidder_id: 'VARCHAR', bid_amount: 'JSON', timestamp: 'VARCHAR', item: 'VARCHAR', bidder_name: 'VARCHAR', " +
        "bidder_email: 'VARCHAR', auction_id: 'VARCHAR', auction_closes: 'VARCHAR', auction_opening: 'JSON', received_at: 'VARCHAR'}";

    /// <summary>The query of the bids, of which an id may come twice.</summary>
    /// <param name="files">The quoted paths of the files.</param>
    public static string Select(IEnumerable<string> files) =>
        $"""
        SELECT message_id, bidder_id, TRY_CAST(CAST(bid_amount AS VARCHAR) AS DECIMAL(18,4)) AS bid_amount, {TimeOf("timestamp")} AS timestamp,
            item, bidder_name, bidder_email, auction_id, {TimeOf("coalesce(received_at, timestamp)")} AS received_at
        FROM read_json([{string.Join(", ", files)}], format = 'newline_delimited', ignore_errors = true, columns = {Columns})
        WHERE if(auction_closes IS NULL AND auction_opening IS NULL, true, if(
            coalesce(isfinite({TimeOf("auction_closes")}), auction_closes IS NULL) AND
            coalesce(TRY_CAST(CAST(auction_opening AS VARCHAR) AS DECIMAL(18,4)) BETWEEN 0 AND 500000000000, auction_opening IS NULL),
            true, error('{DoubtfulLine}')))
        """;

    /// <summary>A time in the form that the suite writes; others are NULL. DuckDB's cast takes more forms than ISO 8601.</summary>
    private static string TimeOf(string text) =>
        $"CASE WHEN {text} LIKE '____-__-__T__:__:__%' AND (suffix({text}, '+00:00') OR suffix({text}, 'Z')) AND strlen({text}) <= 32 " +
        $"AND NOT contains({text}, ' ') THEN TRY_CAST({text} AS TIMESTAMPTZ) END";
}
