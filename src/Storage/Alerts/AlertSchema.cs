namespace AuctionTracker.Storage.Alerts;

/// <summary>
/// The tables of the outbox. A mail is about one or more alerts; an alert without a mail is not in one yet. Times are in
/// microseconds since 1970, a bid is as the wire writes it, <c>name</c> is the group.
/// </summary>
internal static class AlertSchema
{
    /// <summary>The file's forms, each as the script that makes it from the one before.</summary>
    public static readonly IReadOnlyList<string> Versions =
    [
        """
        CREATE TABLE mails (
            id INTEGER PRIMARY KEY,
            is_digest INTEGER NOT NULL,
            made INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            next INTEGER NOT NULL,
            sent INTEGER,
            refused TEXT,
            error TEXT
        ) STRICT;
        CREATE INDEX mails_waiting ON mails (next) WHERE sent IS NULL AND refused IS NULL;
        CREATE INDEX mails_made ON mails (made);
        CREATE TABLE alerts (
            id INTEGER PRIMARY KEY,
            message_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            bid TEXT NOT NULL,
            added INTEGER NOT NULL,
            mail INTEGER REFERENCES mails (id)
        ) STRICT;
        CREATE INDEX alerts_open ON alerts (name, added) WHERE mail IS NULL;
        CREATE INDEX alerts_of_group ON alerts (name, mail);
        CREATE INDEX alerts_of_mail ON alerts (mail);
        """,
    ];
}
