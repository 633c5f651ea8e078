using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Storage.Tests;

public sealed class PostgresDatabaseTests
{
    private static readonly string[] Versions = ["CREATE TABLE things (id BIGINT PRIMARY KEY, text TEXT); INSERT INTO things VALUES (1, 'first')", "ALTER TABLE things ADD COLUMN more TEXT"];

    [Fact]
    public async Task The_schema_is_created_once_and_upgraded_and_two_schemas_share_a_database()
    {
        var address = PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString());
        await using (await PostgresDatabase.OpenAsync(address, "things", Versions[..1], default))
        {
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ => await (await PostgresDatabase.OpenAsync(address, "things", Versions, default)).DisposeAsync()));
        await using var other = await PostgresDatabase.OpenAsync(address, "others", ["CREATE TABLE others (id BIGINT)"], default);

        Assert.Equal(["first"], await other.InTransactionAsync(t => Sql.QueryAsync(t, "SELECT text FROM things WHERE more IS NULL", row => row.GetString(0), default), default));
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        var address = PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString());
        await (await PostgresDatabase.OpenAsync(address, "things", Versions, default)).DisposeAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => PostgresDatabase.OpenAsync(address, "things", Versions[..1], default));

        Assert.Equal($"PostgreSQL ({address}) was written by a newer Auction Tracker (schema 2 of things; this one supports 1).", error.Message);
    }

    [Fact]
    public async Task Work_that_throws_is_rolled_back()
    {
        await using var database = await PostgresDatabase.OpenAsync(PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString()), "things", Versions, default);

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.InTransactionAsync<int>(
            async t =>
            {
                await Sql.ExecuteAsync(t, "INSERT INTO things VALUES (@id, @text)", default, ("@id", 2L), ("@text", null));
                throw new InvalidOperationException();
            }, default));
        var error = await Assert.ThrowsAsync<IOException>(() => database.InTransactionAsync(t => Sql.ExecuteAsync(t, "INSERT INTO things VALUES (1, 'again')", default), default));

        Assert.StartsWith($"PostgreSQL ({database.Name}) can't be used: duplicate key", error.Message, StringComparison.Ordinal);
        Assert.Equal([1L], await database.InTransactionAsync(t => Sql.QueryAsync(t, "SELECT id FROM things", row => row.GetInt64(0), default), default));
    }

    [Fact]
    public async Task A_server_that_is_killed_and_starts_again_is_used_again()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var database = await PostgresDatabase.OpenAsync(PostgresAddress.Parse((await cluster.CreateDatabaseAsync()).ToString()), "things", Versions, default);

        await cluster.KillAsync();
        await Assert.ThrowsAsync<IOException>(() => CountAsync());
        await cluster.StartAsync();

        Assert.Equal([1L], await CountAsync());

        Task<List<long>> CountAsync() => database.InTransactionAsync(t => Sql.QueryAsync(t, "SELECT count(*) FROM things", row => row.GetInt64(0), default), default);
    }

    [Fact]
    public async Task An_address_that_does_not_answer_is_named_without_its_password()
    {
        var address = PostgresAddress.Parse($"postgres://ann:secret@127.0.0.1:{FreePort.Take()}/auction");

        var error = await Assert.ThrowsAsync<IOException>(() => PostgresDatabase.OpenAsync(address, "things", Versions, default));

        Assert.Contains("nothing answers there", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }
}
