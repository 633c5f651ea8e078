using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using AuctionTracker.Records.JsonLines;
using AuctionTracker.Records.Queries;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>
/// Runs queries over files of a record, in DuckDB. It can open the record's own files and a temporary folder, loads no extension, and its
/// configuration is locked. What does not fit in memory goes to the temporary folder.
/// </summary>
public sealed partial class DuckDBEngine : IQueryEngine
{
    /// <summary>Marks a file that holds each id once.</summary>
    private const string UniqueIds = "auction_tracker_unique_ids";

    private const string Columns = "message_id, bidder_id, bid_amount, timestamp, item, bidder_name, bidder_email, auction_id, received_at";

    /// <summary>PostgreSQL has div; DuckDB divides decimals as doubles. Whole numbers of ten-thousandths are exact.</summary>
    private const string Setup =
        "SET TimeZone = 'UTC'; CREATE MACRO div(a, b) AS CAST(a * 10000 AS HUGEINT) // CAST(b * 10000 AS HUGEINT);";

    /// <summary>Amounts are read as texts, whose doubles are exact to four decimals below 2^39; a line with more is read by our own reader.</summary>
    private const string JsonColumns =
        "{message_id: 'VARCHAR', bidder_id: 'VARCHAR', bid_amount: 'VARCHAR', timestamp: 'VARCHAR', item: 'VARCHAR', bidder_name: 'VARCHAR', " +
        "bidder_email: 'VARCHAR', auction_id: 'VARCHAR', received_at: 'VARCHAR'}";

    private const string UnreadableLine = "a line is no bid";
    private const int BatchSize = 20_000;

    /// <summary>Others read files, run texts as queries, or turn on a log, which ends the process where it may not be written.</summary>
    private static readonly string[] TableFunctions = ["range", "generate_series", "unnest"];

    /// <summary>With the interval ten seconds, in which another program may have a file open, as Recorder has while it writes.</summary>
    private const int MaxAttempts = 200;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly DuckDBConnection _connection;
    private readonly string _folder;
    private readonly string _description;

    /// <summary>Reads JSON lines one by one; used when DuckDB's own reader meets a line that is no bid.</summary>
    private JsonLinesSource? _strict;

    private DuckDBEngine(DuckDBConnection connection, string folder, string description) =>
        (_connection, _folder, _description) = (connection, folder, description);

    /// <summary>Reads a folder of JSON lines, or one file. The files are read by each query.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="unreadable">Gets the place and the reason of each line that is no bid.</param>
    /// <param name="output">A file that <see cref="ExportParquetAsync"/> may write, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    public static Task<DuckDBEngine> OpenJsonLinesAsync(string path, Action<string, string> unreadable, string? output, CancellationToken cancel)
    {
        IReadOnlyList<string> files = Directory.Exists(path) ? JsonLinesSink.FilesOf(path) : [path];
        return OpenAsync(path, [.. files, .. Existing(output)], engine =>
        {
            engine._strict = new JsonLinesSource(path, unreadable);
            engine._connection.Execute(files.Count == 0 ? StagingTable.Create + ViewOf(StagingTable.Select) : ViewOf(UniqueOf(
                $"""
                SELECT message_id, bidder_id, TRY_CAST(bid_amount AS DECIMAL(18,4)) AS bid_amount, TRY_CAST(timestamp AS TIMESTAMPTZ) AS timestamp,
                    item, bidder_name, bidder_email, auction_id, TRY_CAST(coalesce(received_at, timestamp) AS TIMESTAMPTZ) AS received_at
                FROM read_json([{string.Join(", ", files.Select(QuotePath))}], format = 'newline_delimited', ignore_errors = true, columns = {JsonColumns})
                """,
                $"""
                WHERE if(message_id <> '' AND bidder_id IS NOT NULL AND bid_amount > 0 AND bid_amount < 500000000000 AND isfinite(timestamp) AND item <> ''
                    AND bidder_name IS NOT NULL AND bidder_email IS NOT NULL AND isfinite(received_at), true, error({Quote(UnreadableLine)}))
                """)));
        }, cancel);
    }

    /// <summary>Reads a Parquet file with the columns of the record.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">A file that <see cref="ExportParquetAsync"/> may write, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be read, or has other columns. The message names it.</exception>
    public static Task<DuckDBEngine> OpenParquetAsync(string path, string? output, CancellationToken cancel) =>
        OpenAsync(path, [path, .. Existing(output)], engine =>
        {
            var rows = $"SELECT {Columns} FROM read_parquet({QuotePath(path)})";
            using var marks = engine.CreateCommand($"SELECT count(*) FROM parquet_kv_metadata({QuotePath(path)}) WHERE decode(key) = '{UniqueIds}'", []);
            engine._connection.Execute(ViewOf(Convert.ToInt64(marks.ExecuteScalar(), null) > 0 ? rows : UniqueOf(rows)));
        }, cancel);

    /// <summary>Opens a DuckDB file to read. A file that another program has open is tried for ten seconds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="output">A file that <see cref="ExportParquetAsync"/> may write, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be read, another program has it open, or it holds no record. The message names it.</exception>
    public static async Task<DuckDBEngine> OpenDatabaseAsync(string path, string? output, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenAsync(path, [.. Existing(output)], engine => engine._connection.Execute(
                    $"ATTACH {Quote(path)} AS record (READ_ONLY); {ViewOf($"SELECT {Columns} FROM record.bids")}"), cancel);
            }
            catch (IOException e) when (e.InnerException is DuckDBException inner && DuckDBFile.IsLocked(inner) && attempt < MaxAttempts)
            {
                await Task.Delay(RetryInterval, cancel);
            }
        }
    }

    /// <summary>Copies bids into memory, or into a temporary file where they do not fit.</summary>
    /// <param name="description">What the bids are called in errors.</param>
    /// <param name="bids">The bids.</param>
    /// <param name="hasUniqueIds">Whether no id comes twice.</param>
    /// <param name="output">A file that <see cref="ExportParquetAsync"/> may write, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The bids can't be read.</exception>
    public static async Task<DuckDBEngine> LoadAsync(
        string description, IAsyncEnumerable<RecordedBid> bids, bool hasUniqueIds, string? output, CancellationToken cancel)
    {
        var engine = await OpenAsync(description, [.. Existing(output)], engine => engine._connection.Execute(
            StagingTable.Create + ViewOf(hasUniqueIds ? StagingTable.Select : UniqueOf(StagingTable.Select))), cancel);
        try
        {
            await engine.AppendAsync(bids, cancel);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<QueryResult> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel) => WithUnreadableLinesAsync(
        async () =>
        {
            var command = CreateCommand(sql, parameters);
            command.UseStreamingMode = true;
            var reader = await command.ExecuteReaderAsync(cancel);
            return await QueryResult.StartAsync(reader, command, Describe, cancel);
        }, cancel);

    /// <inheritdoc/>
    public Task<QueryResult> QueryUntrustedAsync(string sql, CancellationToken cancel)
    {
        using var parse = CreateCommand("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", [sql]);
        using var parsed = JsonDocument.Parse((string)parse.ExecuteScalar()!);
        if (parsed.RootElement.GetProperty("error").GetBoolean())
        {
            var place = parsed.RootElement.TryGetProperty("position", out var position) && int.TryParse(position.GetString(), out var at)
                ? $" (at character {at + 1})"
                : "";
            throw new InvalidQueryException(parsed.RootElement.GetProperty("error_type").GetString() == "parser"
                ? $"{parsed.RootElement.GetProperty("error_message").GetString()}{place}."
                : "Only one SELECT is allowed.");
        }

        if (TableFunctionsOf(parsed.RootElement).Except(TableFunctions).FirstOrDefault() is { } function)
        {
            throw new InvalidQueryException($"{function} is not allowed: a query reads bids, and no other source than {string.Join(", ", TableFunctions)}.");
        }

        return parsed.RootElement.GetProperty("statements").GetArrayLength() == 1
            ? QueryAsync(sql, [], cancel)
            : throw new InvalidQueryException("Only one SELECT is allowed.");
    }

    /// <summary>Writes the rows of a query to the output, a Parquet file, and flushes it to the disk.</summary>
    /// <param name="sql">A query with the columns of the record, each id once.</param>
    /// <param name="parameters">The values of its parameters, which are texts.</param>
    /// <param name="output">The file that the engine was opened with.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <returns>The number of bids.</returns>
    /// <exception cref="IOException">The record can't be read, or the file can't be written.</exception>
    public Task<long> ExportParquetAsync(string sql, IReadOnlyList<object?> parameters, string output, CancellationToken cancel) =>
        WithUnreadableLinesAsync(
            async () =>
            {
                await using var command = CreateCommand(
                    $"COPY ({sql}) TO {Quote(output)} (FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{UniqueIds}: 'true'}}, USE_TMP_FILE false)", parameters);
                return (long)await command.ExecuteNonQueryAsync(cancel);
            }, cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<DuckDBEngine> OpenAsync(
        string description, IReadOnlyList<string> files, Action<DuckDBEngine> define, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("auction-report-").FullName;
        var connection = await DuckDBFile.OpenInMemoryAsync(folder, cancel);
        var engine = new DuckDBEngine(connection, folder, description);
        try
        {
            connection.Execute(Setup);
            define(engine);
            connection.Execute($"SET allowed_paths = [{string.Join(", ", files.Select(Quote).Union(files.Select(QuotePath)))}]; SET enable_external_access = false; SET lock_configuration = true");
            return engine;
        }
        catch (Exception e)
        {
            await engine.DisposeAsync();
            throw e is DuckDBException duck ? DuckDBFile.Unusable(description, duck) : e;
        }
    }

    private static string[] Existing(string? output) => output is null ? [] : [output];

    private static string ViewOf(string select) => $"CREATE VIEW bids AS {select}";

    /// <summary>Each id once, with its first arrival; all else of a bid is the same in each copy. A query that needs few columns reads no others.</summary>
    private static string UniqueOf(string select, string where = "") =>
        $"""
        SELECT message_id, any_value(bidder_id) AS bidder_id, any_value(bid_amount) AS bid_amount, any_value(timestamp) AS timestamp,
            any_value(item) AS item, any_value(bidder_name) AS bidder_name, any_value(bidder_email) AS bidder_email,
            any_value(auction_id) AS auction_id, min(received_at) AS received_at
        FROM ({select}) {where} GROUP BY message_id
        """;

    private static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>A path that is read: DuckDB takes brackets, stars and question marks for a pattern.</summary>
    private static string QuotePath(string path) => Quote(Pattern().Replace(path, "[$0]"));

    private DuckDBCommand CreateCommand(string sql, IReadOnlyList<object?> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var value in parameters)
        {
            command.Parameters.Add(new DuckDBParameter(value ?? DBNull.Value));
        }

        return command;
    }

    /// <summary>The names of the functions in the FROM clauses of a parsed query.</summary>
    private static IEnumerable<string> TableFunctionsOf(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.Array => node.EnumerateArray().SelectMany(TableFunctionsOf),
        JsonValueKind.Object => node.EnumerateObject().SelectMany(property => TableFunctionsOf(property.Value)).Concat(
            node.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("TABLE_FUNCTION")
                ? [node.GetProperty("function").GetProperty("function_name").GetString()!]
                : []),
        _ => [],
    };

    /// <summary>Runs a query; where a line is no bid, reads the record line by line, which names the line, and runs it again.</summary>
    private async Task<T> WithUnreadableLinesAsync<T>(Func<Task<T>> query, CancellationToken cancel)
    {
        try
        {
            return await query();
        }
        catch (DuckDBException e) when (_strict is not null && e.Message.Contains(UnreadableLine, StringComparison.Ordinal))
        {
            var bids = _strict.ReadAsync(cancel);
            _strict = null;
            _connection.Execute($"{StagingTable.Create} CREATE OR REPLACE VIEW bids AS {UniqueOf(StagingTable.Select)}");
            await AppendAsync(bids, cancel);
            return await WithUnreadableLinesAsync(query, cancel);
        }
        catch (DuckDBException e)
        {
            throw Describe(e);
        }
    }

    private async Task AppendAsync(IAsyncEnumerable<RecordedBid> bids, CancellationToken cancel)
    {
        try
        {
            await foreach (var batch in bids.Chunk(BatchSize).WithCancellation(cancel))
            {
                StagingTable.Append(_connection, batch);
            }
        }
        catch (DuckDBException e)
        {
            throw DuckDBFile.Unusable(_description, e);
        }
    }

    private Exception Describe(DbException e) => DuckDBFile.IsRefusal(e)
        ? new InvalidQueryException(DuckDBFile.DescribeRefusal(e), e)
        : DuckDBFile.Unusable(_description, (DuckDBException)e);

    [GeneratedRegex(@"[\[*?]")]
    private static partial Regex Pattern();
}
