using System.CommandLine;
using System.Data.Common;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Sales.Auctions;
using AuctionTracker.Sales.Settlements;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.State;

/// <summary>Opens the databases of the programs, and creates their tables.</summary>
public static class StateDatabase
{
    /// <summary>Creates the option that names the database on a command line.</summary>
    /// <param name="fallback">The default, for its description.</param>
    public static Option<string> CreateOption(string fallback)
    {
        var option = new Option<string>("--database")
        {
            Description = $"The state: a .db or .sqlite file, or postgres://user@host/database for several machines. [default: {fallback}]",
            HelpName = "DATABASE",
        };
        option.Validators.Add(result =>
        {
            if (SinkAddress.Parse(result.Tokens[0].Value) is not { Kind: SinkKind.Sqlite or SinkKind.Postgres })
            {
                // The text is not repeated: it may hold a password.
                result.AddError("--database must be a .db or .sqlite file, or postgres://user@host/database.");
            }
        });
        return option;
    }

    /// <summary>Opens the state of Auctioneer.</summary>
    /// <param name="address">A SQLite file, or the address of a PostgreSQL database.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="ProgramException">The database can't be used; the message says what to do.</exception>
    public static Task<IDatabase> OpenAuctionsAsync(string address, CancellationToken cancel) =>
        OpenAsync(address, AuctionSchema.Name, AuctionSchema.Versions, cancel);

    /// <summary>Opens the state of Settlement.</summary>
    /// <inheritdoc cref="OpenAuctionsAsync"/>
    public static Task<IDatabase> OpenSettlementsAsync(string address, CancellationToken cancel) =>
        OpenAsync(address, SettlementSchema.Name, SettlementSchema.Versions, cancel);

    /// <summary>Opens the state of Auctioneer to read it. No database is created or changed, and no other program is held up. SQLite may leave its files -wal and -shm.</summary>
    /// <param name="address">A SQLite file, or the address of a PostgreSQL database.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The database can't be read, or is of another program or version. The message names it.</exception>
    public static Task<IDatabase> ReadAuctionsAsync(string address, CancellationToken cancel) =>
        ReadAsync(address, StateSchema.Auctioneer, cancel);

    /// <summary>Opens the state of Settlement to read it.</summary>
    /// <inheritdoc cref="ReadAuctionsAsync"/>
    public static Task<IDatabase> ReadSettlementsAsync(string address, CancellationToken cancel) =>
        ReadAsync(address, StateSchema.Settlement, cancel);

    private static async Task<IDatabase> ReadAsync(string address, StateSchema schema, CancellationToken cancel)
    {
        var isPostgres = SinkAddress.Parse(address)?.Kind == SinkKind.Postgres;
        IDatabase database = isPostgres ? PostgresDatabase.OpenReadOnly(PostgresAddress.Parse(address)) : await SqliteFile.OpenReadOnlyAsync(address, cancel);
        try
        {
            schema.Require(database.Name, await database.InTransactionAsync(ReadVersionAsync, cancel));
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        async Task<long?> ReadVersionAsync(DbTransaction transaction)
        {
            var (exists, version) = isPostgres
                ? ("SELECT 1 WHERE to_regclass('schema_versions') IS NOT NULL", "SELECT version FROM schema_versions WHERE name = @name")
                : ("SELECT 1 FROM sqlite_master WHERE name = @own", "SELECT user_version FROM pragma_user_version");
            return (await QueryAsync(exists)).Count == 0 ? null : (await QueryAsync(version)).Cast<long?>().SingleOrDefault();

            Task<List<long>> QueryAsync(string sql) =>
                Sql.QueryAsync(transaction, sql, row => row.GetInt64(0), cancel, ("@name", schema.Name), ("@own", schema.OwnTable));
        }
    }

    private static async Task<IDatabase> OpenAsync(string address, string schema, IReadOnlyList<string> versions, CancellationToken cancel)
    {
        try
        {
            return SinkAddress.Parse(address)?.Kind == SinkKind.Postgres
                ? await PostgresDatabase.OpenAsync(PostgresAddress.Parse(address), schema, versions, cancel)
                : await SqliteFile.OpenAsync(address, versions, cancel);
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            throw new ProgramException($"{e.Message.TrimEnd('.')}. Fix it, or choose another database with [{schema}] database.", e);
        }
    }
}
