using System.Data;
using System.Data.Common;
using AuctionTracker.Records.Queries;
using AuctionTracker.Storage;
using Npgsql;

namespace AuctionTracker.Records.Postgres;

/// <summary>Runs queries in a PostgreSQL database, each in a read-only transaction.</summary>
public sealed class PostgresEngine : IQueryEngine
{
    /// <summary>A query may set its role to any that the login is a member of.</summary>
    private const string CanReadFiles =
        """
        SELECT bool_or(rolsuper OR rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')) FROM pg_roles
        WHERE pg_has_role(session_user, oid, 'MEMBER')
        """;

    private const string Cursor = "DECLARE query NO SCROLL CURSOR FOR ";

    /// <summary>How long a person's query may take.</summary>
    private static readonly TimeSpan UntrustedTimeout = TimeSpan.FromMinutes(5);

    private readonly NpgsqlConnection _connection;
    private readonly PostgresAddress _address;
    private readonly bool _allowsSuperuser;

    private PostgresEngine(NpgsqlConnection connection, PostgresAddress address, bool allowsSuperuser) =>
        (_connection, _address, _allowsSuperuser) = (connection, address, allowsSuperuser);

    /// <summary>Connects to a record.</summary>
    /// <param name="address">The database.</param>
    /// <param name="allowsSuperuser">Whether a superuser may run a person's query. Such a role reads files of the server.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be reached, or has no record. The message names it.</exception>
    public static Task<PostgresEngine> OpenAsync(PostgresAddress address, bool allowsSuperuser, CancellationToken cancel) => OpenAsync(
        address, allowsSuperuser, "bids",
        $"PostgreSQL ({address}) has no record: there is no table bids. Run Recorder with it once, or name another database.", cancel);

    /// <summary>Connects to a database that has a table.</summary>
    /// <param name="address">The database.</param>
    /// <param name="table">The name of the table.</param>
    /// <param name="otherwise">What to say if it has no such table.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be reached, or has no such table.</exception>
    public static Task<PostgresEngine> OpenAsync(PostgresAddress address, string table, string otherwise, CancellationToken cancel) =>
        OpenAsync(address, allowsSuperuser: false, table, otherwise, cancel);

    private static async Task<PostgresEngine> OpenAsync(
        PostgresAddress address, bool allowsSuperuser, string table, string otherwise, CancellationToken cancel)
    {
        // Session settings of a lent connection would stay in the pool.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address.ConnectionString)
        {
            Pooling = false,
            Timezone = "UTC",
            CommandTimeout = 0,
            TcpKeepAlive = true, // a server that is gone would hold up a query for ever
            TcpKeepAliveTime = 30,
            TcpKeepAliveInterval = 5,
        }.ConnectionString);
        var engine = new PostgresEngine(connection, address, allowsSuperuser);
        try
        {
            await connection.OpenAsync(cancel);
            return await engine.AskAsync($"SELECT to_regclass('{table}') IS NOT NULL", cancel) ? engine : throw new IOException(otherwise);
        }
        catch (Exception e)
        {
            await engine.DisposeAsync();
            throw e is DbException refused ? engine.Unusable(refused) : e;
        }
    }

    /// <inheritdoc/>
    public async Task<QueryResult> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel)
    {
        var transaction = await BeginAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand(sql, _connection, transaction);
            foreach (var value in parameters)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
            }

            var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
            return await QueryResult.StartAsync(reader, transaction, Unusable, cancel);
        }
        catch (Exception e)
        {
            await transaction.DisposeAsync();
            throw e is DbException refused ? Unusable(refused) : e;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A cursor takes nothing but a query, and a batch is sent as it is: Npgsql would otherwise send what follows a semicolon as a statement of
    /// its own.
    /// </remarks>
    public async Task<QueryResult> QueryUntrustedAsync(string sql, CancellationToken cancel)
    {
        var transaction = await BeginAsync(cancel);
        try
        {
            if (!_allowsSuperuser && await AskAsync(CanReadFiles, cancel))
            {
                throw new InvalidQueryException(
                    $"{_address.Description} is a superuser or as good as one: its queries can read files of the server. " +
                    "Name a role without that right, or add --as-superuser.");
            }

            await ExecuteAsync($"SET LOCAL statement_timeout = {UntrustedTimeout.TotalMilliseconds}", transaction, cancel);
            await ExecuteAsync(Cursor + sql, transaction, cancel);
            await using var fetch = new NpgsqlCommand("FETCH ALL FROM query", _connection, transaction);
            var reader = await fetch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancel);
            return await QueryResult.StartAsync(reader, transaction, e => DescribeUntrusted(e, 0), cancel);
        }
        catch (Exception e)
        {
            await transaction.DisposeAsync();
            throw e switch
            {
                NotSupportedException => new InvalidQueryException("Only one SELECT is allowed.", e),
                DbException refused => DescribeUntrusted(refused, Cursor.Length),
                _ => e,
            };
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<NpgsqlTransaction> BeginAsync(CancellationToken cancel)
    {
        try
        {
            var transaction = await _connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
            await ExecuteAsync("SET TRANSACTION READ ONLY", transaction, cancel);
            return transaction;
        }
        catch (DbException e)
        {
            throw Unusable(e);
        }
    }

    private async Task ExecuteAsync(string sql, NpgsqlTransaction transaction, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(_connection, transaction) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> AskAsync(string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private IOException Unusable(DbException e) => new($"PostgreSQL ({_address}) can't be read: {PostgresErrors.Describe(e)}", e);

    /// <param name="e">The exception.</param>
    /// <param name="prefix">The number of characters before the person's query.</param>
    private Exception DescribeUntrusted(DbException e, int prefix) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } =>
            new InvalidQueryException($"The query took longer than {UntrustedTimeout.TotalMinutes} minutes.", e),
        PostgresException { SqlState: ['4', '2', ..] or ['2', '2', ..] or ['2', '5', ..] or ['2', '1', ..] or ['0', 'A', ..] or ['5', '4', ..] } refused =>
            new InvalidQueryException($"{refused.MessageText}{(refused.Position > prefix ? $" (at character {refused.Position - prefix})" : "")}.", e),
        _ => Unusable(e),
    };
}
