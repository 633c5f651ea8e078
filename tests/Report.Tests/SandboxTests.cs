using AuctionTracker.Records.DuckDB;
using AuctionTracker.Records.Postgres;
using AuctionTracker.Records.Queries;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Npgsql;
using Xunit;

namespace AuctionTracker.Report.Tests;

/// <summary>A person's query reads the record and nothing else, and changes nothing.</summary>
public sealed class SandboxTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Theory]
    [InlineData("select 1; select 2")]
    [InlineData("select 1; drop view bids")]
    [InlineData("drop view bids")]
    [InlineData("delete from bids")]
    [InlineData("create table copy as select * from bids")]
    [InlineData("copy bids to 'SOURCE' (format csv, use_tmp_file false)")]
    [InlineData("copy bids to 'OTHER'")]
    [InlineData("export database 'OTHER'")]
    [InlineData("attach 'OTHER'")]
    [InlineData("set memory_limit = '20GB'")]
    [InlineData("pragma enable_profiling")]
    [InlineData("install httpfs")]
    [InlineData("load spatial")]
    [InlineData("call enable_logging(storage = 'file', storage_path = 'SOURCE')")]
    [InlineData("select * from query('copy bids to ''OTHER''')")]
    [InlineData("select * from enable_logging(storage = 'file', storage_path = 'SOURCE')")]
    [InlineData("select (select count(*) from system.main.enable_logging(storage = 'file', storage_path = 'OTHER')) from bids")]
    [InlineData("with log as (select * from enable_logging()) select 1 where exists (select * from log)")]
    [InlineData("select * from read_text('SOURCE')")]
    [InlineData("select * from read_text('/etc/passwd')")]
    [InlineData("select * from '/etc/passwd'")]
    [InlineData("select * from glob('/etc/*')")]
    [InlineData("select * from read_csv('OTHER')")]
    [InlineData("select * from no_such_table")]
    [InlineData("select ?")]
    [InlineData("select $1")]
    [InlineData("selec 1")]
    [InlineData("")]
    public async Task DuckDB_refuses_all_but_one_query_of_the_record(string sql)
    {
        var (engine, source) = await OpenAsync();
        await using var closed = engine;
        var before = await File.ReadAllBytesAsync(source);

        var refused = await Assert.ThrowsAsync<InvalidQueryException>(
            () => engine.QueryUntrustedAsync(sql.Replace("SOURCE", source).Replace("OTHER", _temp["other"]), default));

        Assert.DoesNotContain('\n', refused.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(source));
        Assert.False(Path.Exists(_temp["other"]));
        Assert.Equal(100L, await CountAsync(engine));
    }

    [Theory]
    [InlineData("select 1; select 2")]
    [InlineData("select 1; drop table bids")]
    [InlineData("select 1; commit; drop table bids")]
    [InlineData("drop table bids")]
    [InlineData("with gone as (delete from bids returning 1) select * from gone")]
    [InlineData("select 1 into other")]
    [InlineData("select nextval('numbers')")]
    [InlineData("select set_config('transaction_read_only', 'off', true), nextval('numbers')")]
    [InlineData("select * from bids for update")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("select * from no_such_table")]
    [InlineData("selec 1")]
    [InlineData("")]
    public async Task PostgreSQL_refuses_all_but_one_query_that_reads(string sql)
    {
        var address = await ReaderAsync();
        await using var engine = await PostgresEngine.OpenAsync(address, allowsSuperuser: false, default);

        await Assert.ThrowsAsync<InvalidQueryException>(async () =>
        {
            await using var result = await engine.QueryUntrustedAsync(sql, default);
            await result.ReadAsync().ToListAsync();
        });

        Assert.Equal(100L, await CountAsync(engine));
    }

    [Fact]
    public async Task A_superuser_runs_a_query_in_PostgreSQL_only_with_as_superuser()
    {
        var address = PostgresAddress.Parse(await SomeBids.KeepAsync("postgres", SomeBids.Create(100), _temp));
        await using (var careful = await PostgresEngine.OpenAsync(address, allowsSuperuser: false, default))
        {
            var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => careful.QueryUntrustedAsync("select 1", default));
            Assert.Contains("--as-superuser", refused.Message, StringComparison.Ordinal);
        }

        await using var engine = await PostgresEngine.OpenAsync(address, allowsSuperuser: true, default);
        Assert.Equal(100L, await CountAsync(engine));
        await Assert.ThrowsAsync<InvalidQueryException>(() => engine.QueryUntrustedAsync("delete from bids", default));
    }

    /// <summary>Such a role can become the superuser by SET ROLE, also where it does not inherit the rights.</summary>
    [Fact]
    public async Task A_member_of_a_superuser_is_refused_as_one()
    {
        var owner = new Uri(await SomeBids.KeepAsync("postgres", SomeBids.Create(100), _temp));
        var (admin, member) = ($"admin_{Guid.NewGuid():n}", $"member_{Guid.NewGuid():n}");
        await ExecuteAsync(owner, $"create role {admin} superuser; create role {member} login noinherit; grant {admin} to {member}; grant select on bids to {member}");
        await using var engine = await PostgresEngine.OpenAsync(
            PostgresAddress.Parse($"postgres://{member}@{owner.Host}:{owner.Port}{owner.AbsolutePath}"), allowsSuperuser: false, default);

        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => engine.QueryUntrustedAsync("select 1", default));

        Assert.Contains("--as-superuser", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_is_nested_deeply_is_answered_or_refused_and_never_ends_the_process()
    {
        var (engine, _) = await OpenAsync();
        await using var closed = engine;
        foreach (var depth in (int[])[20, 200, 900, 5_000])
        {
            try
            {
                await using var result = await engine.QueryUntrustedAsync($"select {string.Concat(Enumerable.Repeat("(1+", depth))}0{new string(')', depth)}", default);
                Assert.Equal((long)depth, Assert.Single(await result.ReadAsync().ToListAsync())[0]);
            }
            catch (InvalidQueryException e)
            {
                Assert.True(depth > 200, e.Message);
            }
        }
    }

    [Theory]
    [InlineData("select interval '1 month'")]
    [InlineData("select interval '36 hours'")]
    [InlineData("select 'nan'::double")]
    [InlineData("select '-infinity'::float")]
    [InlineData("select 'infinity'::timestamptz")]
    [InlineData("select 'infinity'::date")]
    [InlineData("select 340282366920938463463374607431768211455::uhugeint")]
    [InlineData("select map {'a': [1, 2]}")]
    [InlineData("select 'x'::blob")]
    [InlineData("select time '24:00:00'")]
    public async Task A_value_that_dotnet_does_not_have_is_a_text(string sql)
    {
        var (engine, _) = await OpenAsync();
        await using var closed = engine;

        await using var result = await engine.QueryUntrustedAsync(sql, default);

        Assert.NotEqual("", Assert.IsType<string>(Assert.Single(await result.ReadAsync().ToListAsync())[0]));
    }

    [Fact]
    public async Task What_a_query_makes_in_PostgreSQL_is_gone_with_its_transaction()
    {
        await using var engine = await PostgresEngine.OpenAsync(await ReaderAsync(), allowsSuperuser: false, default);

        // PostgreSQL 15 lets a read-only transaction create a large object.
        await using (var result = await engine.QueryUntrustedAsync("select lo_creat(-1) > 0", default))
        {
            Assert.Single(await result.ReadAsync().ToListAsync());
        }

        await using var left = await engine.QueryUntrustedAsync("select count(*) from pg_largeobject_metadata", default);
        Assert.Equal(0L, (await left.ReadAsync().SingleAsync())[0]);
    }

    private static async Task<object?> CountAsync(IQueryEngine engine)
    {
        await using var result = await engine.QueryUntrustedAsync("select count(*) from bids", default);
        return (await result.ReadAsync().SingleAsync())[0];
    }

    private async Task<(DuckDBEngine Engine, string Source)> OpenAsync()
    {
        var folder = await SomeBids.KeepAsync("jsonl", SomeBids.Create(100), _temp);
        var source = Directory.GetFiles(folder, "*.jsonl").Order().First();
        Directory.GetFiles(folder, "*.jsonl").Order().Skip(1).ToList().ForEach(File.Delete);
        return (await DuckDBEngine.OpenJsonLinesAsync(source, (_, _) => { }, output: null, default), source);
    }

    /// <summary>A role that may do in the database what a careless owner grants.</summary>
    private async Task<PostgresAddress> ReaderAsync()
    {
        var owner = new Uri(await SomeBids.KeepAsync("postgres", SomeBids.Create(100), _temp));
        var role = $"reader_{Guid.NewGuid():n}";
        await ExecuteAsync(
            owner,
            $"create role {role} login; create sequence numbers; grant all on all tables in schema public to {role}; " +
            $"grant all on all sequences in schema public to {role}; grant all on schema public to {role}");
        return PostgresAddress.Parse($"postgres://{role}@{owner.Host}:{owner.Port}{owner.AbsolutePath}");
    }

    private static async Task ExecuteAsync(Uri owner, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresAddress.Parse(owner.ToString()).ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
