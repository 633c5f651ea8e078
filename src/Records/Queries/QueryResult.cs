using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AuctionTracker.Records.Queries;

/// <summary>
/// The rows of a query, read once. A value is <see langword="null"/>, a text, a <see cref="bool"/>, a <see cref="long"/>, a
/// <see cref="decimal"/>, a finite <see cref="double"/>, a <see cref="DateOnly"/>, or a time: a <see cref="DateTimeOffset"/> in UTC, or a
/// <see cref="DateTime"/> where the column has no zone. What has none of these types is a text.
/// </summary>
public sealed class QueryResult : IAsyncDisposable
{
    private readonly DbDataReader _reader;
    private readonly IAsyncDisposable _owner;
    private readonly Func<DbException, Exception> _describe;
    private readonly string[] _types;
    private bool _hasRow;

    private QueryResult(DbDataReader reader, IAsyncDisposable owner, Func<DbException, Exception> describe)
    {
        (_reader, _owner, _describe) = (reader, owner, describe);
        Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
        _types = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetDataTypeName)];
    }

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>Reads the first row, so that a query that fails does so here.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="owner">What is disposed with the result.</param>
    /// <param name="describe">Translates the engine's exceptions.</param>
    /// <param name="cancel">Cancels the query.</param>
    public static async Task<QueryResult> StartAsync(
        DbDataReader reader, IAsyncDisposable owner, Func<DbException, Exception> describe, CancellationToken cancel)
    {
        var result = new QueryResult(reader, owner, describe);
        result._hasRow = await reader.ReadAsync(cancel);
        return result;
    }

    /// <summary>Reads the rows. Enumerate them once.</summary>
    /// <param name="cancel">Cancels the query.</param>
    /// <exception cref="IOException">The record can't be read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<object?>> ReadAsync([EnumeratorCancellation] CancellationToken cancel = default)
    {
        while (_hasRow)
        {
            yield return [.. Enumerable.Range(0, Columns.Count).Select(ValueAt)];
            try
            {
                _hasRow = await _reader.ReadAsync(cancel);
            }
            catch (DbException e)
            {
                throw _describe(e);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _owner.DisposeAsync();
    }

    private object? ValueAt(int column)
    {
        try
        {
            return _reader.IsDBNull(column) ? null : Normalize(_reader.GetValue(column), _types[column]);
        }
        catch (Exception e) when (e is OverflowException or ArgumentException or InvalidCastException or InvalidOperationException or NotSupportedException)
        {
            return "cannot be shown; cast it to text"; // .NET has no such value: an interval of months, a time without end, 39 digits
        }
    }

    /// <summary>DuckDB's reader drops zeros at the end of a decimal; PostgreSQL's keeps them, and all numbers of its type numeric are decimals.</summary>
    private static object Normalize(object value, string type) => value switch
    {
        decimal number => number.Scale > 0 || type == "Decimal" ? WithTwoDecimals(number) : number,
        string or bool or long or DateOnly or DateTimeOffset => value,
        double number => double.IsFinite(number) ? number : number.ToString(CultureInfo.InvariantCulture),
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong or BigInteger => decimal.Parse($"{value}", CultureInfo.InvariantCulture),
        float number => Normalize((double)number, type),
        DateTime time => type is "TimestampTz" or "timestamp with time zone" ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : time,
        Stream or byte[] => "bytes",
        IEnumerable => JsonSerializer.Serialize(value),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>At least two decimals, and no zeros after them.</summary>
    private static decimal WithTwoDecimals(decimal number)
    {
        const decimal One = 1.0000000000000000000000000000m;
        return (number / One) + 0.00m;
    }
}
