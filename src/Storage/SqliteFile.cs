using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Storage;

/// <summary>
/// A SQLite database in a file, with a versioned schema. Work is done in transactions, one at a time; when a commit returns it is on
/// the disk and survives a power cut. Thread-safe. Other processes may use the same file.
/// </summary>
public sealed class SqliteFile : IAsyncDisposable
{
    /// <summary>How long, in seconds, work waits for another process that writes: a program that was asked to stop must not wait longer.</summary>
    private const int BusyTimeout = 2;

    private readonly SemaphoreSlim _gate = new(1);
    private readonly SqliteConnection _connection;

    private SqliteFile(string path, SqliteConnection connection) => (Path, _connection) = (path, connection);

    /// <summary>The file's name, as it was given.</summary>
    public string Path { get; }

    /// <summary>Opens the file, creates it where it is missing, and upgrades an older schema.</summary>
    /// <param name="path">The file.</param>
    /// <param name="versions">The versions of the schema: each script makes it from the one before. SQLite's <c>user_version</c> says
    /// how many of them were run.</param>
    /// <param name="cancel">Cancels the opening.</param>
    /// <exception cref="IOException">The file can't be opened, is no database, or has a newer schema. The message names it.</exception>
    public static async Task<SqliteFile> OpenAsync(string path, IReadOnlyList<string> versions, CancellationToken cancel)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        var file = new SqliteFile(path, connection);
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

    /// <summary>Closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>Runs work in a transaction: all of it is committed, or nothing.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The work; it is rolled back when it throws.</param>
    /// <param name="cancel">Cancels the work, not a commit that has begun.</param>
    /// <exception cref="IOException">The file can't be read or written, or was deleted. The message names it.</exception>
    public async Task<T> WorkAsync<T>(Func<SqliteTransaction, Task<T>> work, CancellationToken cancel)
    {
        await _gate.WaitAsync(cancel);
        try
        {
            // SQLite would go on writing to a file that was deleted, and all would be lost with the process.
            if (!File.Exists(Path))
            {
                throw new IOException($"{Path} is gone. Put it back, or start again without it.");
            }

            await using var transaction = _connection.BeginTransaction(deferred: false);
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

    /// <summary>A command in a transaction, with its parameters.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="text">The SQL.</param>
    /// <param name="values">The parameters and their values.</param>
    public static SqliteCommand Command(SqliteTransaction transaction, string text, params IEnumerable<(string Name, object Value)> values)
    {
        var command = transaction.Connection!.CreateCommand();
        (command.CommandText, command.Transaction) = (text, transaction);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }

    /// <summary>The rows of a query.</summary>
    /// <typeparam name="T">What becomes of a row.</typeparam>
    /// <param name="transaction">The transaction.</param>
    /// <param name="text">The SQL.</param>
    /// <param name="read">Reads the current row.</param>
    /// <param name="cancel">Cancels the query.</param>
    /// <param name="values">The parameters and their values.</param>
    public static async Task<List<T>> ReadAsync<T>(
        SqliteTransaction transaction, string text, Func<SqliteDataReader, T> read, CancellationToken cancel,
        params IEnumerable<(string Name, object Value)> values)
    {
        await using var command = Command(transaction, text, values);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var result = new List<T>();
        while (await rows.ReadAsync(cancel))
        {
            result.Add(read(rows));
        }

        return result;
    }

    /// <summary>A time as the databases store it: microseconds since 1970, UTC.</summary>
    /// <param name="time">The time; what is below a microsecond is cut off.</param>
    public static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time that <see cref="Microseconds"/> stored.</summary>
    /// <param name="microseconds">Microseconds since 1970, UTC.</param>
    public static DateTimeOffset Time(long microseconds) => DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    private static IOException Unusable(string path, Exception e) => new($"{path} can't be read or written: {e.Message.TrimEnd('.')}.", e);

    /// <summary>In one transaction: two programs may open a new file at the same time.</summary>
    private Task<int> UpgradeAsync(IReadOnlyList<string> versions, CancellationToken cancel) => WorkAsync(
        async transaction =>
        {
            await using var read = Command(transaction, "PRAGMA user_version");
            var version = (long)(await read.ExecuteScalarAsync(cancel))!;
            if (version > versions.Count)
            {
                throw new IOException($"{Path} was written by a newer Auction Tracker (schema {version}; this one knows {versions.Count}).");
            }

            var scripts = string.Concat(versions.Skip((int)version));
            await using var upgrade = Command(transaction, string.Create(CultureInfo.InvariantCulture, $"{scripts} PRAGMA user_version = {versions.Count}"));
            return await upgrade.ExecuteNonQueryAsync(cancel);
        }, cancel);
}
