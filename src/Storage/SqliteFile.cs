using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Storage;

/// <summary>
/// A SQLite file with a versioned form. Work on it is done in transactions, one at a time; a commit is on the disk when it
/// returns, so that it outlives a power cut. Thread-safe; other processes may work on the same file.
/// </summary>
internal sealed class SqliteFile : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private readonly SqliteConnection _connection;

    private SqliteFile(string path, SqliteConnection connection) => (Path, _connection) = (path, connection);

    public string Path { get; }

    /// <summary>Opens the file, makes it where there is none, and brings an older one to today's form.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="versions">Its forms, each as the script that makes it from the one before; SQLite's <c>user_version</c>
    /// says how many were run.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="IOException">It can't be used.</exception>
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

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>One piece of work, all of it or nothing.</summary>
    /// <exception cref="IOException">The file can't be read or written.</exception>
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

    /// <summary>A time as files keep it: microseconds since 1970.</summary>
    public static long Microseconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>A time as it was kept.</summary>
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
                throw new IOException($"{Path} was written by a newer Auction Tracker (form {version}; this one knows {versions.Count}).");
            }

            var scripts = string.Concat(versions.Skip((int)version));
            await using var upgrade = Command(transaction, string.Create(CultureInfo.InvariantCulture, $"{scripts} PRAGMA user_version = {versions.Count}"));
            return await upgrade.ExecuteNonQueryAsync(cancel);
        }, cancel);
}
