using AuctionTracker.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AuctionTracker.Storage.Tests;

public sealed class SqliteFileTests : IDisposable
{
    private const string First = "CREATE TABLE notes (text TEXT NOT NULL) STRICT;";
    private const string Second = "ALTER TABLE notes ADD COLUMN number INTEGER NOT NULL DEFAULT 7;";

    private readonly TempFolder _temp = new();

    private string Path => _temp["data/notes.db"];

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_missing_file_is_created_with_its_folder_and_the_newest_schema()
    {
        await using var file = await OpenAsync(First, Second);

        Assert.Equal(1, await AddAsync(file, "a"));
        Assert.Equal(["a 7"], await NotesAsync(file));
    }

    [Fact]
    public async Task An_older_schema_is_upgraded_and_its_rows_stay()
    {
        await using (var old = await OpenAsync(First))
        {
            await AddAsync(old, "before");
        }

        await using var file = await OpenAsync(First, Second);

        Assert.Equal(["before 7"], await NotesAsync(file));
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_the_message_names_the_file()
    {
        await (await OpenAsync(First, Second)).DisposeAsync();

        var e = await Assert.ThrowsAsync<IOException>(() => OpenAsync(First));

        Assert.Equal($"{Path} was written by a newer Auction Tracker (schema 2; this one supports 1).", e.Message);
    }

    [Fact]
    public async Task A_reader_sees_one_state_holds_up_no_writer_and_changes_nothing()
    {
        await using var file = await OpenAsync(First, Second);
        await AddAsync(file, "before");
        await using var reader = await SqliteFile.OpenReadOnlyAsync(Path, default);

        await reader.InTransactionAsync(
            async transaction =>
            {
                Assert.Equal(1, await CountAsync(transaction));
                await AddAsync(file, "meanwhile");
                Assert.Equal(1, await CountAsync(transaction));
                return 0;
            }, default);

        Assert.Equal(2, await reader.InTransactionAsync(CountAsync, default));
        var error = await Assert.ThrowsAsync<IOException>(() => AddAsync(reader, "never"));
        Assert.Contains("readonly", error.Message, StringComparison.Ordinal);

        static async Task<long> CountAsync(SqliteTransaction transaction) =>
            (await Sql.QueryAsync(transaction, "SELECT count(*) FROM notes", row => row.GetInt64(0), default))[0];
    }

    [Fact]
    public async Task A_reader_refuses_a_missing_file_and_creates_none()
    {
        await Assert.ThrowsAsync<IOException>(() => SqliteFile.OpenReadOnlyAsync(Path, default));

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task A_file_that_is_not_a_database_is_refused_and_left_unchanged()
    {
        Directory.CreateDirectory(_temp["data"]);
        _temp.Write("data/notes.db", new string('x', 4096));

        var e = await Assert.ThrowsAsync<IOException>(() => OpenAsync(First));

        Assert.StartsWith($"{Path} can't be read or written: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 4096), await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task A_transaction_that_throws_is_rolled_back()
    {
        await using var file = await OpenAsync(First, Second);

        await Assert.ThrowsAsync<InvalidOperationException>(() => file.InTransactionAsync<int>(async transaction =>
        {
            await InsertAsync(transaction, "half");
            throw new InvalidOperationException();
        }, default));

        Assert.Empty(await NotesAsync(file));
    }

    [Fact]
    public async Task Transactions_run_one_at_a_time()
    {
        await using var file = await OpenAsync(First, Second);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => AddAsync(file, $"{i}"))));

        Assert.Equal(50, (await NotesAsync(file)).Count);
    }

    [Fact]
    public async Task A_deleted_file_is_not_written_to()
    {
        await using var file = await OpenAsync(First, Second);
        File.Delete(Path);

        var e = await Assert.ThrowsAsync<IOException>(() => AddAsync(file, "lost"));

        Assert.StartsWith($"{Path} was deleted.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-06-12T03:56:06.4105361+00:00", 1718164566410536)]
    [InlineData("1969-12-31T23:59:59.999999+00:00", -1)]
    public void Times_are_stored_to_the_microsecond(string time, long microseconds)
    {
        var at = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(microseconds, SqliteFile.ToMicroseconds(at));
        Assert.Equal(microseconds, SqliteFile.ToMicroseconds(SqliteFile.FromMicroseconds(microseconds)));
    }

    private Task<SqliteFile> OpenAsync(params string[] versions) => SqliteFile.OpenAsync(Path, versions, default);

    private static Task<int> AddAsync(SqliteFile file, string text) => file.InTransactionAsync(transaction => InsertAsync(transaction, text), default);

    private static async Task<int> InsertAsync(SqliteTransaction transaction, string text)
    {
        await using var insert = Sql.CreateCommand(transaction, "INSERT INTO notes (text) VALUES ($text)", ("$text", text));
        return await insert.ExecuteNonQueryAsync();
    }

    private static Task<List<string>> NotesAsync(SqliteFile file) => file.InTransactionAsync(
        transaction => Sql.QueryAsync(transaction, "SELECT text, number FROM notes ORDER BY text", row => $"{row.GetString(0)} {row.GetInt64(1)}", default),
        default);
}
