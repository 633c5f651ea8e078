using System.Globalization;
using DuckDB.NET.Data;

namespace AuctionTracker.Bench.Reports;

/// <summary>What DuckDB itself takes: it reads the file its own way, each id once, runs the query, and the rows are written as CSV.</summary>
internal static class DuckDBAlone
{
    public const string Command = "duckdb";

    private const string Setup = "SET memory_limit = '600MB'; CREATE MACRO div(a, b) AS CAST(a * 10000 AS HUGEINT) // CAST(b * 10000 AS HUGEINT)";

    private const string Columns =
        "{message_id: 'VARCHAR', bidder_id: 'VARCHAR', bid_amount: 'DECIMAL(18,4)', timestamp: 'TIMESTAMPTZ', item: 'VARCHAR', bidder_name: 'VARCHAR', " +
        "bidder_email: 'VARCHAR', auction_id: 'VARCHAR', received_at: 'TIMESTAMPTZ'}";

    /// <summary>The query of a file's bids. A Parquet file of ours holds each id once.</summary>
    public static string Select(string file) => Path.GetExtension(file) == ".parquet"
        ? $"SELECT * FROM read_parquet('{file}')"
        : $"SELECT DISTINCT ON (message_id) * FROM read_json('{file}', format = 'newline_delimited', columns = {Columns})";

    public static async Task<int> RunAsync(string select, string query)
    {
        await using var connection = new DuckDBConnection("Data Source=:memory:");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = Setup;
        await command.ExecuteNonQueryAsync();
        command.CommandText =
            $"WITH parameters AS (SELECT 'UTC' AS zone, 800 AS threshold, 3600 AS size, 600 AS hop, 5 AS window_size, 20 AS buckets), bids AS ({select})" +
            (query.StartsWith("with ", StringComparison.Ordinal) ? $", {query[5..]}" : query);
        command.UseStreamingMode = true;
        await using var rows = await command.ExecuteReaderAsync();
        await using var output = new StreamWriter(Console.OpenStandardOutput());
        while (await rows.ReadAsync())
        {
            await output.WriteLineAsync(string.Join(',', Enumerable.Range(0, rows.FieldCount).Select(i => Convert.ToString(rows.GetValue(i), CultureInfo.InvariantCulture))));
        }

        return 0;
    }
}
