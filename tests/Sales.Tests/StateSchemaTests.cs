using AuctionTracker.Sales.State;
using AuctionTracker.Storage;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Sales.Tests;

public sealed class StateSchemaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Schemas => ["auctioneer", "settlement"];

    public void Dispose() => _folder.Dispose();

    /// <summary>A column that is added to a table is also there for reports. Blobs, and the tables of the program's own work, are not.</summary>
    [Theory]
    [MemberData(nameof(Schemas))]
    public async Task What_others_may_read_is_what_the_newest_database_has(string name)
    {
        var schema = name == "auctioneer" ? StateSchema.Auctioneer : StateSchema.Settlement;
        await using var database = name == "auctioneer"
            ? await StateDatabase.OpenAuctionsAsync(_folder["state.db"], default)
            : await StateDatabase.OpenSettlementsAsync(_folder["state.db"], default);

        var columns = await database.InTransactionAsync(
            transaction => Sql.QueryAsync(
                transaction,
                """
                SELECT m.name, c.name, c.type FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
                WHERE m.type = 'table' AND m.name NOT LIKE @own AND c.type <> 'BYTEA' ORDER BY m.rowid, c.cid
                """,
                row => $"{row.GetString(0)}.{row.GetString(1)} {row.GetString(2)}", default, ("@own", $"{name}%")), default);

        Assert.Equal(
            columns,
            schema.Tables.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column.Name} {(column.Kind is ColumnKind.Text or ColumnKind.Amount ? "TEXT" : "BIGINT")}")));
        Assert.All(schema.Tables, table => Assert.All(
            new[] { table.Time, table.Item }.OfType<string>(), column => Assert.Contains(column, table.Columns.Select(c => c.Name))));
    }
}
