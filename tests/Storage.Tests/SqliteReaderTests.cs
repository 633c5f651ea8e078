using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Storage.Tests;

public sealed class SqliteReaderTests : IDisposable
{
    private static readonly string[] Versions = ["CREATE TABLE numbers (n BIGINT NOT NULL); INSERT INTO numbers VALUES (1);"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("numbers.db")]
    [InlineData("it's 100% [1] *? #ö é.db")]
    public async Task A_file_at_rest_is_read_without_a_trace(string name)
    {
        await (await SqliteFile.OpenAsync(_folder[name], Versions, default)).DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(_folder[name]);

        await using (var reader = await SqliteReader.OpenAsync(_folder[name], mayBeAtRest: true, default))
        {
            Assert.Equal(1, await SumAsync(reader));
            Assert.True(reader.IsConsistent);
        }

        Assert.Equal([_folder[name]], Directory.GetFiles(_folder.Path));
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_folder[name]));
    }

    [Fact]
    public async Task A_file_at_rest_that_a_program_opens_meanwhile_is_to_be_read_again()
    {
        await (await SqliteFile.OpenAsync(_folder["a.db"], Versions, default)).DisposeAsync();
        await using var reader = await SqliteReader.OpenAsync(_folder["a.db"], mayBeAtRest: true, default);

        await using (var file = await SqliteFile.OpenAsync(_folder["a.db"], Versions, default))
        {
            await AddAsync(file);
            Assert.False(reader.IsConsistent);
        }

        Assert.False(reader.IsConsistent); // it was closed again, but has changed
        await using var again = await SqliteReader.OpenAsync(_folder["a.db"], mayBeAtRest: true, default);
        Assert.Equal(2, await SumAsync(again));
        Assert.True(again.IsConsistent);
    }

    [Fact]
    public async Task All_that_a_reader_reads_is_of_one_moment_while_the_file_is_written()
    {
        await using var file = await SqliteFile.OpenAsync(_folder["a.db"], Versions, default);
        await using var reader = await SqliteReader.OpenAsync(_folder["a.db"], mayBeAtRest: true, default);
        Assert.Equal(1, await SumAsync(reader));

        await AddAsync(file);

        Assert.Equal(1, await SumAsync(reader));
        Assert.True(reader.IsConsistent);
        await using var later = await SqliteReader.OpenAsync(_folder["a.db"], mayBeAtRest: true, default);
        Assert.Equal(2, await SumAsync(later));
    }

    [Fact]
    public async Task A_link_to_a_file_that_is_written_shows_its_newest_rows()
    {
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.CreateSymbolicLink(_folder["elsewhere/link.db"], _folder["a.db"]);
        await using var file = await SqliteFile.OpenAsync(_folder["a.db"], Versions, default);
        await AddAsync(file);

        await using var reader = await SqliteReader.OpenAsync(_folder["elsewhere/link.db"], mayBeAtRest: true, default);

        Assert.Equal(2, await SumAsync(reader));
    }

    private static Task<int> AddAsync(SqliteFile file) =>
        file.InTransactionAsync(transaction => Sql.ExecuteAsync(transaction, "INSERT INTO numbers VALUES (1)", default), default);

    private static async Task<long> SumAsync(SqliteReader reader) =>
        await reader.QueryAsync("SELECT sum(n) FROM numbers WHERE n > $least", [("$least", 0L)], default).Select(row => row.GetInt64(0)).SingleAsync();
}
