using System.Data.Common;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.State;

/// <summary>
/// Says which of several programs has a state: each that takes over raises the epoch, and one with an older epoch can't commit any more. One call
/// at a time.
/// </summary>
/// <param name="program">The name of the program, which is the beginning of the table's name.</param>
internal sealed class StateOwner(string program)
{
    private long _epoch;

    /// <summary>The table, for SQLite and PostgreSQL.</summary>
    public static string Table(string program) => $"CREATE TABLE {program}_owner (epoch BIGINT NOT NULL); INSERT INTO {program}_owner VALUES (0);";

    /// <summary>Takes over. Call it first in the transaction that reads the state: of two programs one waits for the other.</summary>
    public async Task TakeOverAsync(DbTransaction transaction, CancellationToken cancel)
    {
        await Sql.ExecuteAsync(transaction, $"UPDATE {program}_owner SET epoch = epoch + 1", cancel);
        Volatile.Write(ref _epoch, (await Sql.QueryAsync(transaction, $"SELECT epoch FROM {program}_owner", row => row.GetInt64(0), cancel))[0]);
    }

    /// <summary>Lets no other transaction change the state meanwhile. For a program that changes it without taking over.</summary>
    public Task<int> LockAsync(DbTransaction transaction, CancellationToken cancel) =>
        Sql.ExecuteAsync(transaction, $"UPDATE {program}_owner SET epoch = epoch", cancel);

    /// <summary>Whether this program has the state: it has taken over, and no other one since. For any thread.</summary>
    public async Task<bool> IsOwnerAsync(DbTransaction transaction, CancellationToken cancel) =>
        Volatile.Read(ref _epoch) is > 0 and var epoch &&
        (await Sql.QueryAsync(transaction, $"SELECT epoch FROM {program}_owner", row => row.GetInt64(0), cancel))[0] == epoch;

    /// <summary>Checks that no other program has taken over. Call it first in each transaction that changes the state.</summary>
    /// <exception cref="IOException">Another program has taken over.</exception>
    public async Task RequireAsync(DbTransaction transaction, CancellationToken cancel)
    {
        if (await Sql.ExecuteAsync(transaction, $"UPDATE {program}_owner SET epoch = epoch WHERE epoch = @epoch", cancel, ("@epoch", _epoch)) == 0)
        {
            throw new IOException($"Another {program} has taken over.");
        }
    }
}
