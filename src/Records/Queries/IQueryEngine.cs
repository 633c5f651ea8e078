namespace AuctionTracker.Records.Queries;

/// <summary>Answers SQL, read-only: over a record, whose table <c>bids</c> has each <c>message_id</c> once, or over tables of another program. One caller at a time.</summary>
public interface IQueryEngine : IAsyncDisposable
{
    /// <summary>Runs a query of the suite's own.</summary>
    /// <param name="sql">One query. Parameters are <c>$1</c>, <c>$2</c>, …</param>
    /// <param name="parameters">The values of the parameters: texts, whole numbers, decimals, or <see langword="null"/>.</param>
    /// <param name="cancel">Cancels the query.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    /// <exception cref="InvalidQueryException">The engine refuses the query.</exception>
    Task<QueryResult> QueryAsync(string sql, IReadOnlyList<object?> parameters, CancellationToken cancel);

    /// <summary>Runs a person's query. It can read the record and nothing else, and change nothing.</summary>
    /// <param name="sql">The query: one SELECT, without parameters.</param>
    /// <param name="cancel">Cancels the query.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    /// <exception cref="InvalidQueryException">The text is not one SELECT, or the engine refuses it.</exception>
    Task<QueryResult> QueryUntrustedAsync(string sql, CancellationToken cancel);
}
