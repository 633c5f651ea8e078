using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Storage;

/// <summary>
/// Reads a SQLite file, which other programs may write meanwhile. Nothing is created or changed. All that one reader reads is one state of the
/// file. One caller at a time.
/// </summary>
public sealed class SqliteReader : IAsyncDisposable
{
    private readonly SqliteConnection _connection;
    private readonly FileState? _atRest;

    private SqliteReader(string path, SqliteConnection connection, FileState? atRest) => (Path, _connection, _atRest) = (path, connection, atRest);

    /// <summary>The path, as given to <see cref="OpenAsync"/>.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether what was read was one state of the file: always, unless it was opened as a file at rest and a program has opened it since. Then read
    /// it again with a new reader.
    /// </summary>
    public bool IsConsistent => _atRest is null || _atRest == FileState.AtRest(Path);

    /// <summary>Opens the file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="mayBeAtRest">
    /// Whether a file that no program has open is read without SQLite's files <c>-wal</c> and <c>-shm</c>, which a reader otherwise creates, and leaves
    /// to whom they belong. Look at <see cref="IsConsistent"/> afterwards.
    /// </param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be read. The message names it.</exception>
    public static async Task<SqliteReader> OpenAsync(string path, bool mayBeAtRest, CancellationToken cancel)
    {
        var atRest = mayBeAtRest ? FileState.AtRest(path) : null;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = atRest is null ? path : $"{new Uri(System.IO.Path.GetFullPath(path)).AbsoluteUri}?immutable=1",
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        var reader = new SqliteReader(path, connection, atRest);
        try
        {
            return await reader.TryAsync(async () =>
            {
                await connection.OpenAsync(cancel);
                await using var begin = connection.CreateCommand();
                begin.CommandText = "BEGIN";
                await begin.ExecuteNonQueryAsync(cancel);
                return reader;
            });
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a query.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="values">The names of its parameters, with their prefix, and their values.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <returns>The reader on each of its rows.</returns>
    /// <exception cref="IOException">The file can't be read. The message names it.</exception>
    public async IAsyncEnumerable<DbDataReader> QueryAsync(
        string sql, IEnumerable<(string Name, object Value)> values, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var select = _connection.CreateCommand();
        select.CommandText = sql;
        foreach (var (name, value) in values)
        {
            select.Parameters.AddWithValue(name, value);
        }

        await using var rows = await TryAsync(() => select.ExecuteReaderAsync(cancel));
        while (await TryAsync(() => rows.ReadAsync(cancel)))
        {
            yield return rows;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<T> TryAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (SqliteException e)
        {
            throw new IOException($"{Path} can't be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>A file that no program has open: SQLite deletes the write-ahead log with the last connection.</summary>
    private sealed record FileState(long Length, DateTime Written)
    {
        /// <returns><see langword="null"/> if a program has it open, or one died.</returns>
        public static FileState? AtRest(string path)
        {
            var file = new FileInfo(path); // SQLite's other files are beside the file that a link leads to
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            return File.Exists($"{file.FullName}-wal") || !file.Exists ? null : new(file.Length, file.LastWriteTimeUtc);
        }
    }
}
