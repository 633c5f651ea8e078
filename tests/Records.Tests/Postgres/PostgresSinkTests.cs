using AuctionTracker.Records.Postgres;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Npgsql;
using Xunit;

namespace AuctionTracker.Records.Tests.Postgres;

public sealed class PostgresSinkTests
{
    [Fact]
    public async Task A_table_of_that_name_with_other_columns_is_refused_and_left_as_it_is()
    {
        var address = PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString());
        await ExecuteAsync(address, "CREATE TABLE bids (message_id text PRIMARY KEY, price money); INSERT INTO bids VALUES ('mine', 5)");

        var error = await Assert.ThrowsAsync<IOException>(() => PostgresSink.OpenAsync(address, default));

        Assert.Contains("has other columns (message_id text, price money; key message_id) and is left as it is. Rename it", error.Message, StringComparison.Ordinal);
        Assert.Equal("mine", await ExecuteAsync(address, "SELECT string_agg(message_id, ',') FROM bids"));
    }

    [Fact]
    public async Task Two_writers_of_the_same_bids_in_other_orders_do_not_block_one_another()
    {
        var address = PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString());
        await using var one = await PostgresSink.OpenAsync(address, default);
        await using var other = await PostgresSink.OpenAsync(address, default);
        var bids = SomeRecord.Bids(2_000);

        var added = await Task.WhenAll(Task.Run(() => WriteAsync(one, bids)), Task.Run(() => WriteAsync(other, [.. bids.Reverse()])));

        Assert.Equal(2_000, added.Sum());

        static async Task<int> WriteAsync(PostgresSink sink, IReadOnlyList<RecordedBid> bids)
        {
            var added = 0;
            foreach (var batch in bids.Chunk(100).SelectMany(batch => Enumerable.Repeat(batch, 2)))
            {
                added += await sink.WriteAsync(batch, default);
            }

            return added;
        }
    }

    [Fact]
    public async Task Programs_that_start_together_create_the_table_once()
    {
        var address = PostgresAddress.Parse((await PostgresCluster.DatabaseAsync()).ToString());

        var sinks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => PostgresSink.OpenAsync(address, default)));

        Assert.Equal([1, 0, 0, 0, 0], await InTurnAsync());
        async Task<List<int>> InTurnAsync()
        {
            var added = new List<int>();
            foreach (var sink in sinks)
            {
                added.Add(await sink.WriteAsync([SomeRecord.Bid("1")], default));
                await sink.DisposeAsync();
            }

            return added;
        }
    }

    [Fact]
    public async Task A_server_that_was_killed_and_started_again_is_written_again_and_nothing_is_lost()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        await using var sink = await PostgresSink.OpenAsync(PostgresAddress.Parse((await cluster.CreateDatabaseAsync()).ToString()), default);
        await sink.WriteAsync([SomeRecord.Bid("1")], default);
        await cluster.KillAsync();

        var error = await Assert.ThrowsAsync<IOException>(() => sink.WriteAsync([SomeRecord.Bid("2")], default));
        Assert.Matches("can't be used: (nothing answers there, or the connection was lost|it is starting up or shutting down)\\.$", error.Message);

        await cluster.StartAsync();
        await Eventually.TrueAsync("the sink connects again", async () =>
        {
            try
            {
                return await sink.WriteAsync([SomeRecord.Bid("1"), SomeRecord.Bid("2")], default) == 1;
            }
            catch (IOException)
            {
                return false;
            }
        });
    }

    [Theory]
    [InlineData("/nowhere", "it has no such database. Create it with createdb.")]
    [InlineData("?port=1", "nothing answers there, or the connection was lost.")]
    public async Task A_database_that_cannot_be_used_is_named_with_what_to_do(string change, string reason)
    {
        var database = await PostgresCluster.DatabaseAsync();
        var address = change[0] == '/' ? new Uri(database, change).ToString() : database + change;

        var error = await Assert.ThrowsAsync<IOException>(() => PostgresSink.OpenAsync(PostgresAddress.Parse(address), default));

        Assert.StartsWith("PostgreSQL (postgres@127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(reason, error.Message, StringComparison.Ordinal);
    }

    private static async Task<object?> ExecuteAsync(PostgresAddress address, string sql)
    {
        await using var connection = new NpgsqlConnection(address.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
