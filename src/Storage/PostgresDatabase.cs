using System.Data.Common;
using System.Net.Sockets;
using Npgsql;

namespace AuctionTracker.Storage;

/// <summary>A PostgreSQL database with a versioned schema. A lost connection is opened anew at the next transaction. Thread-safe.</summary>
public sealed class PostgresDatabase : IDatabase
{
    /// <summary>One number for all programs: of several that start together, one creates the tables.</summary>
    private const long SchemaLock = 0x736368656d61; // "schema"

    private readonly NpgsqlDataSource _source;

    private PostgresDatabase(NpgsqlDataSource source, string name) => (_source, Name) = (source, name);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Connects; creates the tables or upgrades an older schema.</summary>
    /// <param name="address">The database.</param>
    /// <param name="schema">The name of the schema's versions; one database may hold several.</param>
    /// <param name="versions">The migrations, oldest first.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be reached or used, or has a newer schema. The message names it.</exception>
    public static async Task<PostgresDatabase> OpenAsync(
        PostgresAddress address, string schema, IReadOnlyList<string> versions, CancellationToken cancel)
    {
        var database = new PostgresDatabase(NpgsqlDataSource.Create(address.ConnectionString), address.Description);
        try
        {
            await database.InTransactionAsync(transaction => database.UpgradeAsync(transaction, schema, versions, cancel), cancel);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a database to read. It connects at the first transaction; nothing is created or changed.</summary>
    /// <param name="address">The database.</param>
    public static PostgresDatabase OpenReadOnly(PostgresAddress address) => new(
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(address.ConnectionString) { Options = "-c default_transaction_read_only=on" }), address.Description);

    /// <inheritdoc/>
    public async Task<T> InTransactionAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancel)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var result = await work(transaction);

            // A commit that is cancelled may have succeeded.
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or SocketException)
        {
            throw new IOException($"PostgreSQL ({Name}) can't be used: {PostgresErrors.Describe(e)}", e);
        }
    }

    /// <summary>Closes its connections.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<int> UpgradeAsync(DbTransaction transaction, string schema, IReadOnlyList<string> versions, CancellationToken cancel)
    {
        await Sql.ExecuteAsync(
            transaction,
            $"SELECT pg_advisory_xact_lock({SchemaLock}); CREATE TABLE IF NOT EXISTS schema_versions (name text PRIMARY KEY, version integer NOT NULL)",
            cancel);
        var found = await Sql.QueryAsync(
            transaction, "SELECT version FROM schema_versions WHERE name = @name", row => row.GetInt32(0), cancel, ("@name", schema));
        var version = found.Count == 0 ? 0 : found[0];
        if (version > versions.Count)
        {
            throw new IOException(
                $"PostgreSQL ({Name}) was written by a newer Auction Tracker (schema {version} of {schema}; this one supports {versions.Count}).");
        }

        foreach (var script in versions.Skip(version))
        {
            await Sql.ExecuteAsync(transaction, script, cancel);
        }

        return await Sql.ExecuteAsync(
            transaction,
            "INSERT INTO schema_versions VALUES (@name, @version) ON CONFLICT (name) DO UPDATE SET version = excluded.version", cancel,
            ("@name", schema), ("@version", versions.Count));
    }
}
