using System.Data.Common;
using System.Globalization;

namespace AuctionTracker.Storage;

/// <summary>Commands and queries in a transaction.</summary>
public static class Sql
{
    /// <summary>Creates a command.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="sql">The SQL text.</param>
    /// <param name="values">The parameters' names, with their prefix, and values; <see langword="null"/> is NULL.</param>
    public static DbCommand CreateCommand(DbTransaction transaction, string sql, params IEnumerable<(string Name, object? Value)> values)
    {
        var command = transaction.Connection!.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>Makes parameters of a list, for <c>IN (…)</c>.</summary>
    /// <param name="values">The values, at least one. SQLite and PostgreSQL take 30,000 in a command.</param>
    /// <returns>The names of the parameters, separated by commas, and the parameters.</returns>
    public static (string Names, IReadOnlyList<(string Name, object? Value)> Values) ListOf(IEnumerable<object?> values)
    {
        List<(string Name, object? Value)> list = [.. values.Select((value, i) => (string.Create(CultureInfo.InvariantCulture, $"@value{i}"), value))];
        return (string.Join(", ", list.Select(parameter => parameter.Name)), list);
    }

    /// <summary>Runs a command.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="sql">The SQL text.</param>
    /// <param name="cancel">Cancels the command.</param>
    /// <param name="values">The parameters' names, with their prefix, and values.</param>
    /// <returns>The number of rows that it changed.</returns>
    public static async Task<int> ExecuteAsync(
        DbTransaction transaction, string sql, CancellationToken cancel, params IEnumerable<(string Name, object? Value)> values)
    {
        await using var command = CreateCommand(transaction, sql, values);
        return await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Runs a query and reads all its rows.</summary>
    /// <typeparam name="T">The type a row is mapped to.</typeparam>
    /// <param name="transaction">The transaction.</param>
    /// <param name="sql">The SQL text.</param>
    /// <param name="map">Maps the reader's current row.</param>
    /// <param name="cancel">Cancels the query.</param>
    /// <param name="values">The parameters' names, with their prefix, and values.</param>
    public static async Task<List<T>> QueryAsync<T>(
        DbTransaction transaction, string sql, Func<DbDataReader, T> map, CancellationToken cancel, params IEnumerable<(string Name, object? Value)> values)
    {
        await using var command = CreateCommand(transaction, sql, values);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var result = new List<T>();
        while (await rows.ReadAsync(cancel))
        {
            result.Add(map(rows));
        }

        return result;
    }
}
