using System.Data.Common;
using AuctionTracker.Storage;
using DuckDB.NET.Data;

namespace AuctionTracker.Records.DuckDB;

/// <summary>Tables of other programs.</summary>
public sealed partial class DuckDBEngine
{
    /// <summary>Copies tables of a SQLite file into memory, as they are stored. There is no table <c>bids</c>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="IOException">The file can't be read, or lacks a table or a column. The message names it.</exception>
    public static async Task<DuckDBEngine> LoadAsync(SqliteReader file, IReadOnlyList<StoredTable> tables, CancellationToken cancel)
    {
        var engine = await OpenAsync(file.Path, [], engine => engine._connection.Execute(string.Concat(tables.Select(Create))), cancel);
        try
        {
            foreach (var table in tables)
            {
                await engine.CopyAsync(file, table, cancel);
            }

            return engine;
        }
        catch (Exception e)
        {
            await engine.DisposeAsync();
            throw e is DuckDBException duck ? DuckDBFile.Unusable(file.Path, duck) : e;
        }
    }

    private async Task CopyAsync(SqliteReader file, StoredTable table, CancellationToken cancel)
    {
        using var appender = _connection.CreateAppender(table.Name);
        await foreach (var stored in file.QueryAsync($"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))} FROM {table.Name}", [], cancel))
        {
            var row = appender.CreateRow();
            foreach (var (i, column) in table.Columns.Index())
            {
                Append(row, stored, i, column);
            }

            row.EndRow();
        }
    }

    private static IDuckDBAppenderRow Append(IDuckDBAppenderRow row, DbDataReader stored, int i, StoredColumn column) =>
        stored.IsDBNull(i) ? row.AppendNullValue()
        : IsText(column) ? row.AppendValue(stored.GetString(i))
        : row.AppendValue(stored.GetInt64(i));

    private static string Create(StoredTable table) =>
        $"CREATE TABLE {table.Name} ({string.Join(", ", table.Columns.Select(column => $"{column.Name} {(IsText(column) ? "VARCHAR" : "BIGINT")}"))});";

    private static bool IsText(StoredColumn column) => column.Kind is ColumnKind.Text or ColumnKind.Amount;
}
