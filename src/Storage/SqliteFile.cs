using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Storage;

/// <summary>
/// A SQLite database file with a versioned schema. Transactions run one at a time. A committed transaction is on the disk and
/// survives a power failure. Thread-safe; other processes may open the same file.
/// </summary>
public sealed class SqliteFile : IDatabase
{
    /// <summary>Seconds to wait for another process that writes. It is short, because a program that is asked to stop waits as long.</summary>
    private const int BusyTimeout = 2;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly SqliteConnection _connection;
    private readonly bool _isReadOnly;

    private SqliteFile(string path, SqliteConnection connection, bool isReadOnly) => (Path, _connection, _isReadOnly) = (path, connection, isReadOnly);

    /// <summary>The path, as given to <see cref="OpenAsync"/>.</summary>
    public string Path { get; }

    /// <summary>Opens the file. Creates the file and its folder if they are missing; upgrades an older schema.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="versions">The migrations, oldest first. SQLite's <c>user_version</c> counts those that have been applied.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be opened, is not a database, or has a newer schema. The message names it.</exception>
    public static async Task<SqliteFile> OpenAsync(string path, IReadOnlyList<string> versions, CancellationToken cancel)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        var file = new SqliteFile(path, connection, isReadOnly: false);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
            await connection.OpenAsync(cancel);
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON";
            await pragmas.ExecuteNonQueryAsync(cancel);
            await file.UpgradeAsync(versions, cancel);
            connection.DefaultTimeout = BusyTimeout;
            return file;
        }
        catch (Exception e)
        {
            await file.DisposeAsync();
            if (e is SqliteException or UnauthorizedAccessException)
            {
                throw Unusable(path, e);
            }

            throw;
        }
    }

    /// <summary>Opens a file to read it, while other programs use it. Transactions hold up no writer. Nothing says that the schema is the expected one.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be opened. The message names it.</exception>
    public static async Task<SqliteFile> OpenReadOnlyAsync(string path, CancellationToken cancel)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = BusyTimeout }.ToString());
        try
        {
            await connection.OpenAsync(cancel);
            return new SqliteFile(path, connection, isReadOnly: true);
        }
        catch (SqliteException e)
        {
            await connection.DisposeAsync();
            throw Unusable(path, e);
        }
    }

    /// <inheritdoc/>
    string IDatabase.Name => Path;

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>Runs a delegate in a transaction and commits it.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The delegate. If it throws, the transaction is rolled back.</param>
    /// <param name="cancel">Cancels the delegate, but not a commit that has begun.</param>
    /// <exception cref="IOException">The file can't be read or written, or was deleted. The message names it.</exception>
    public async Task<T> InTransactionAsync<T>(Func<SqliteTransaction, Task<T>> work, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            // SQLite keeps writing to a deleted file, whose content is lost when the process ends.
            if (!File.Exists(Path))
            {
                throw new IOException($"{Path} was deleted. Restore it, or restart the program to create a new one.");
            }

            await using var transaction = _connection.BeginTransaction(deferred: _isReadOnly);
            var result = await work(transaction);
            await transaction.CommitAsync(cancel);
            return result;
        }
        catch (SqliteException e)
        {
            throw Unusable(Path, e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    Task<T> IDatabase.InTransactionAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancel) => InTransactionAsync<T>(work, cancel);

    /// <summary>Converts a time to the form stored in the database: microseconds since 1970-01-01 UTC, fractions truncated.</summary>
    /// <param name="time">The time.</param>
    public static long ToMicroseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Converts a stored time back; the inverse of <see cref="ToMicroseconds"/>.</summary>
    /// <param name="microseconds">Microseconds since 1970-01-01 UTC.</param>
    public static DateTimeOffset FromMicroseconds(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static IOException Unusable(string path, Exception e) => new($"{path} can't be read or written: {e.Message.TrimEnd('.')}.", e);

    /// <summary>Runs in one transaction, because two programs may open a new file at the same time.</summary>
    private Task<int> UpgradeAsync(IReadOnlyList<string> versions, CancellationToken cancel) => InTransactionAsync(
        async transaction =>
        {
            await using var read = Sql.CreateCommand(transaction, "PRAGMA user_version");
            var version = (long)(await read.ExecuteScalarAsync(cancel))!;
            if (version > versions.Count)
            {
                throw new IOException($"{Path} was written by a newer Auction Tracker (schema {version}; this one supports {versions.Count}).");
            }

            var scripts = string.Concat(versions.Skip((int)version));
            await using var upgrade = Sql.CreateCommand(transaction, string.Create(CultureInfo.InvariantCulture, $"{scripts} PRAGMA user_version = {versions.Count}"));
            return await upgrade.ExecuteNonQueryAsync(cancel);
        }, cancel);
}
