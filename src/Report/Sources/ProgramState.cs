using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Queries;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Report.Sources;

/// <summary>The database of Auctioneer or Settlement, which may be at work meanwhile. Reading changes nothing, and takes nothing over.</summary>
/// <param name="schema">The program's tables.</param>
/// <param name="address">Where its database is.</param>
/// <param name="tables">The tables that are read.</param>
internal sealed class ProgramState(StateSchema schema, SourceAddress address, IReadOnlyList<StoredTable> tables) : IReportSource
{
    private const int NoDatabase = 26; // SQLITE_NOTADB

    /// <summary>The kinds of databases that a program has: completes "must be …".</summary>
    public const string Allowed = "a .db or .sqlite file, or postgres://user@host/database";

    /// <inheritdoc/>
    public string Name { get; } = address.Name;

    /// <summary>Whether a program's database can be there.</summary>
    public static bool IsAllowed(SourceAddress address) => address.Kind is SourceKind.Sqlite or SourceKind.Postgres;

    /// <inheritdoc/>
    public Task<IQueryEngine> OpenAsync(CancellationToken stop) => Record.ShowAsync($"Reading {Name}", async () =>
        address.Kind == SourceKind.Postgres ? await OpenPostgresAsync(stop) : (IQueryEngine)await OpenSqliteAsync(stop));

    private async Task<DuckDBEngine> OpenSqliteAsync(CancellationToken stop)
    {
        if (!File.Exists(address.Target))
        {
            throw new IOException($"There is no {address.Target}. Run {schema.Program} first, or name its database with --from.");
        }

        while (true)
        {
            await using var file = await SqliteReader.OpenAsync(address.Target, mayBeAtRest: true, stop);
            try
            {
                schema.Require(Name, await VersionOfAsync(file, stop));
                var engine = await DuckDBEngine.LoadAsync(file, tables, stop);
                if (file.IsConsistent)
                {
                    return engine;
                }

                await engine.DisposeAsync();
            }
            catch (IOException) when (!file.IsConsistent)
            {
                // A program has opened it meanwhile: it is read again.
            }
        }
    }

    /// <returns><see langword="null"/> if it is not a database of the program.</returns>
    private async Task<long?> VersionOfAsync(SqliteReader file, CancellationToken stop)
    {
        try
        {
            return await file.QueryAsync(
                "SELECT user_version FROM pragma_user_version WHERE EXISTS (SELECT * FROM sqlite_master WHERE name = $own)", [("$own", schema.OwnTable)], stop)
                .Select(row => (long?)row.GetInt64(0)).SingleOrDefaultAsync(stop);
        }
        catch (IOException e) when (e.InnerException is SqliteException { SqliteErrorCode: NoDatabase })
        {
            return null;
        }
    }

    private async Task<PostgresEngine> OpenPostgresAsync(CancellationToken stop)
    {
        var engine = await PostgresEngine.OpenAsync(PostgresAddress.Parse(address.Target), "schema_versions", schema.Refuse(Name), stop);
        try
        {
            await using var found = await engine.QueryAsync("SELECT version FROM schema_versions WHERE name = $1", [schema.Name], stop);
            schema.Require(Name, await found.ReadAsync(stop).Select(row => (long?)row[0]).SingleOrDefaultAsync(stop));
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }
}
