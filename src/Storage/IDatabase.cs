using System.Data.Common;

namespace AuctionTracker.Storage;

/// <summary>
/// A database that keeps the state of a program: a SQLite file, or a PostgreSQL database, which several machines can share. One SQL text
/// serves both if it keeps to what both know; parameters are written as <c>@name</c>. Thread-safe.
/// </summary>
public interface IDatabase : IAsyncDisposable
{
    /// <summary>The path of the file, or user, host and database; without a password.</summary>
    string Name { get; }

    /// <summary>Runs a delegate in a transaction and commits it. On return it survives a power failure.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="work">The delegate. If it throws, the transaction is rolled back.</param>
    /// <param name="cancel">Cancels the delegate, but not a commit that has begun.</param>
    /// <exception cref="IOException">The database can't be read or written. The message names it. If the connection was lost, the commit may
    /// have succeeded.</exception>
    Task<T> InTransactionAsync<T>(Func<DbTransaction, Task<T>> work, CancellationToken cancel);
}
