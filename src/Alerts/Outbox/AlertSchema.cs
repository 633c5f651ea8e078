namespace AuctionTracker.Alerts.Outbox;

/// <summary>
/// The schema of the outbox. A mail has one or more alerts; <c>alerts.mail</c> is null until the alert is in a mail. Times are
/// microseconds since 1970-01-01 UTC, amounts are exact decimal texts, a bid is its JSON, and <c>name</c> is the name of the group.
/// <c>bids</c> and <c>bidders</c> are those of an auction that closed.
/// </summary>
internal static class AlertSchema
{
    /// <summary>The migrations, oldest first.</summary>
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
        """
        CREATE TABLE alerts_of_rules (
            id INTEGER PRIMARY KEY,
            message_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            figure TEXT NOT NULL,
            name TEXT NOT NULL,
            time INTEGER NOT NULL,
            bid TEXT,
            reason TEXT,
            entries TEXT NOT NULL,
            added INTEGER NOT NULL,
            mail INTEGER REFERENCES mails (id),
            UNIQUE (message_id, kind)
        ) STRICT;
        INSERT INTO alerts_of_rules
            SELECT id, message_id, 'HighBid', '0', name, added, bid, NULL, '[]', added, mail FROM alerts;
        CREATE TABLE groups (
            name TEXT PRIMARY KEY,
            mailed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO groups SELECT name, max(made) FROM alerts JOIN mails ON mails.id = alerts.mail GROUP BY name;
        DROP TABLE alerts;
        ALTER TABLE alerts_of_rules RENAME TO alerts;
        CREATE INDEX alerts_open ON alerts (name, added) WHERE mail IS NULL;
        CREATE INDEX alerts_of_mail ON alerts (mail);
        CREATE TABLE highs (
            name TEXT PRIMARY KEY,
            amount TEXT NOT NULL,
            raised INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """,
        """
        ALTER TABLE alerts ADD COLUMN bids INTEGER;
        ALTER TABLE alerts ADD COLUMN bidders INTEGER;
        """,
    ];
}
