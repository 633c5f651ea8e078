using System.Data.Common;
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

    /// <summary>The columns that always have a value.</summary>
    private static readonly string[] Required = ["message_id", "bidder_id", "bid_amount", "timestamp", "item"];

    /// <summary>PostgreSQL has div; DuckDB divides decimals as doubles. Whole numbers of ten-thousandths are exact.</summary>
    private const string Setup =
        "SET TimeZone = 'UTC'; CREATE MACRO div(a, b) AS CAST(a * 10000 AS HUGEINT) // CAST(b * 10000 AS HUGEINT);";

    private const int BatchSize = 20_000;

    /// <summary>With the interval ten seconds, in which another program may have a file open, as Recorder has while it writes.</summary>
    private const int MaxAttempts = 200;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly DuckDBConnection _connection;
    private readonly string _folder;
    private readonly string _description;

    /// <summary>Reads JSON lines one by one; <see langword="null"/> when it is not needed, or has been used.</summary>
    private JsonLinesSource? _strict;

    private DuckDBEngine(DuckDBConnection connection, string folder, string description) =>
        (_connection, _folder, _description) = (connection, folder, description);

    /// <summary>Reads a folder of JSON lines, or one file. The files are read by each query.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="unreadable">Gets the place and the reason of each line that cannot be read as a bid.</param>
    /// <param name="output">A file that <see cref="ExportParquetAsync"/> may write, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    public static Task<DuckDBEngine> OpenJsonLinesAsync(string path, Action<string, string> unreadable, string? output, CancellationToken cancel)
    {
        IReadOnlyList<string> files = Directory.Exists(path) ? JsonLinesSink.FilesOf(path) : [path];
        return OpenAsync(path, [.. files, .. Existing(output)], engine =>
        {
            engine._strict = new JsonLinesSource(path, unreadable);
            engine._connection.Execute(files.Count == 0
                ? StagingTable.Create + ViewOf(StagingTable.Select)
                : ViewOf(UniqueOf(JsonLinesView.Select(files.Select(QuotePath)), JsonLinesView.Condition)));
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
            engine.DefineRows(rows, path, isUnique: Convert.ToInt64(marks.ExecuteScalar(), null) > 0);
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
                return await OpenAsync(path, [.. Existing(output)], engine =>
                {
                    engine._connection.Execute($"ATTACH {Quote(path)} AS record (READ_ONLY)");
                    engine.DefineRows($"SELECT {Columns} FROM record.bids", path, isUnique: false);
                }, cancel);
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
    public Task<QueryResult> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel) =>
        QueryAsync(sql, parameters, Unusable, cancel);

    /// <inheritdoc/>
    public Task<QueryResult> QueryUntrustedAsync(string sql, CancellationToken cancel)
    {
        using (var parse = CreateCommand("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", [sql]))
        {
            UntrustedQuery.Check((string)parse.ExecuteScalar()!);
        }

        return QueryAsync(sql, [], e => DuckDBFile.IsRefusal(e) ? new InvalidQueryException(DuckDBFile.DescribeRefusal(e), e) : Unusable(e), cancel);
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
            }, e => e.Message.Contains(output, StringComparison.Ordinal) ? DuckDBFile.Unwritable(output, (DuckDBException)e) : Unusable(e), cancel);

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

    /// <summary>Defines the bids as rows of a file that another program may have made.</summary>
    /// <exception cref="IOException">A column has another type than in the record, or a value is missing.</exception>
    private void DefineRows(string rows, string path, bool isUnique)
    {
        using (var command = CreateCommand($"DESCRIBE {rows}", []))
        using (var columns = command.ExecuteReader())
        {
            while (columns.Read())
            {
                var (name, type) = (columns.GetString(0), columns.GetString(1));
                isUnique |= name == "message_id" && columns["key"] is "PRI";
                var expected = name switch
                {
                    "bid_amount" => "DECIMAL(18,4)",
                    "timestamp" or "received_at" => "TIMESTAMP WITH TIME ZONE",
                    _ => "VARCHAR",
                };
                if (type != expected)
                {
                    throw new IOException($"{path} can't be used: its column {name} has the type {type}. It must have the type {expected}.");
                }
            }
        }

        using var missing = CreateCommand($"SELECT 1 FROM ({rows}) WHERE {string.Join(" OR ", Required.Select(name => $"{name} IS NULL"))} LIMIT 1", []);
        if (!isUnique && missing.ExecuteScalar() is not null)
        {
            throw new IOException($"{path} can't be used: in one of its rows a value of {string.Join(", ", Required)} is missing.");
        }

        _connection.Execute(ViewOf(isUnique ? rows : UniqueOf(rows)));
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

    private Task<QueryResult> QueryAsync(
        string sql, IReadOnlyList<object?> parameters, Func<DbException, Exception> describe, CancellationToken cancel) => WithUnreadableLinesAsync(
        async () =>
        {
            var command = CreateCommand(sql, parameters);
            command.UseStreamingMode = true;
            var reader = await command.ExecuteReaderAsync(cancel);
            return await QueryResult.StartAsync(reader, command, describe, cancel);
        }, describe, cancel);

    /// <summary>Runs a query. Where DuckDB meets a line that our own reader must judge, reads the record with that one, and runs it again.</summary>
    private async Task<T> WithUnreadableLinesAsync<T>(Func<Task<T>> query, Func<DbException, Exception> describe, CancellationToken cancel)
    {
        try
        {
            return await query();
        }
        catch (DuckDBException e) when (_strict is not null && e.Message.Contains(JsonLinesView.DoubtfulLine, StringComparison.Ordinal))
        {
            var bids = _strict.ReadAsync(cancel);
            _strict = null;
            _connection.Execute($"{StagingTable.Create} CREATE OR REPLACE VIEW bids AS {UniqueOf(StagingTable.Select)}");
            await AppendAsync(bids, cancel);
            return await WithUnreadableLinesAsync(query, describe, cancel);
        }
        catch (DuckDBException e)
        {
            throw describe(e);
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

    private IOException Unusable(DbException e) => DuckDBFile.Unusable(_description, (DuckDBException)e);

    [GeneratedRegex(@"[\[*?]")]
    private static partial Regex Pattern();
}
