using System.Data.Common;
using AuctionTracker.Storage;

namespace AuctionTracker.Sales.State;

/// <summary>Messages that are stored in the transaction of what they announce, until the broker has confirmed them.</summary>
/// <param name="program">The name of the program, which is the beginning of the table's name.</param>
internal sealed class MessageOutbox(string program)
{
    /// <summary>The table, for SQLite and PostgreSQL.</summary>
    public static string Table(string program) =>
        $"""
        CREATE TABLE {program}_outbox (
            id BIGINT PRIMARY KEY,
            message_id TEXT NOT NULL,
            routing_key TEXT NOT NULL,
            body BYTEA NOT NULL
        );
        """;

    /// <summary>Adds messages, in order.</summary>
    public async Task AddAsync(DbTransaction transaction, IReadOnlyCollection<OutgoingMessage> messages, CancellationToken cancel)
    {
        if (messages.Count == 0)
        {
            return;
        }

        var last = (await Sql.QueryAsync(transaction, $"SELECT coalesce(max(id), 0) FROM {program}_outbox", row => row.GetInt64(0), cancel))[0];
        foreach (var message in messages)
        {
            await Sql.ExecuteAsync(
                transaction, $"INSERT INTO {program}_outbox VALUES (@id, @message, @key, @body)", cancel,
                ("@id", ++last), ("@message", message.Id), ("@key", message.RoutingKey), ("@body", message.Body));
        }
    }

    /// <summary>Reads the oldest messages.</summary>
    public Task<List<(long Id, OutgoingMessage Message)>> ReadAsync(IDatabase database, int count, CancellationToken cancel) =>
        database.InTransactionAsync(
            transaction => Sql.QueryAsync(
                transaction, $"SELECT id, message_id, routing_key, body FROM {program}_outbox ORDER BY id LIMIT {count}",
                row => (row.GetInt64(0), new OutgoingMessage(row.GetString(1), row.GetString(2), row.GetFieldValue<byte[]>(3))), cancel),
            cancel);

    /// <summary>
    /// Deletes messages, at least one, that the broker has confirmed. Only these: another program may have deleted them meanwhile, and then the numbers begin
    /// again with other messages.
    /// </summary>
    public Task DeleteAsync(IDatabase database, IReadOnlyList<(long Id, OutgoingMessage Message)> messages, CancellationToken cancel)
    {
        var (names, values) = Sql.ListOf(messages.Select(m => m.Message.Id));
        return database.InTransactionAsync(
            transaction => Sql.ExecuteAsync(
                transaction, $"DELETE FROM {program}_outbox WHERE id BETWEEN @first AND @last AND message_id IN ({names})", cancel,
                [.. values, ("@first", messages[0].Id), ("@last", messages[^1].Id)]),
            cancel);
    }
}

/// <summary>A message for the exchange of sales.</summary>
/// <param name="Id">Its <c>message_id</c>: the same whenever it is sent.</param>
/// <param name="RoutingKey">Its routing key.</param>
/// <param name="Body">Its body.</param>
internal sealed record OutgoingMessage(string Id, string RoutingKey, byte[] Body);
