using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Settings;

/// <summary>Every setting of the suite, once: its names, meaning, unit, default and range.</summary>
public static class AllSettings
{
    private const int Million = 1_000_000;

    /// <summary>The broker's address, or several.</summary>
    public static readonly Setting<IReadOnlyList<Uri>> BrokerUris = new(
        "broker.uri", "--broker", "The broker's address; several, separated by commas, are the nodes of a cluster.",
        "amqp://guest:guest@localhost:5672/",
        "one or more addresses such as amqp://user:password@host:5672/vhost, separated by commas", SettingParsers.BrokerUris)
    { IsSecret = true };

    /// <summary>The type queues are declared with.</summary>
    public static readonly Setting<string?> QueueType = new(
        "broker.queue_type", null, "What queues are declared as: classic, without arguments, or quorum, for clusters.",
        "classic", "classic or quorum", SettingParsers.OneOf("classic", "quorum"));

    /// <summary>The heartbeat.</summary>
    public static readonly Setting<int?> Heartbeat = new(
        "broker.heartbeat", null, "Seconds between heartbeats; a connection silent for two of them counts as lost.",
        "10", "a whole number of seconds from 3 to 600", SettingParsers.Whole(3, 600));

    /// <summary>How many messages may be unconfirmed at a time.</summary>
    public static readonly Setting<int?> ConfirmWindow = new(
        "broker.confirm_window", null, "How many messages a producer has unconfirmed at the most.",
        "1000", "a whole number from 1 to 100000", SettingParsers.Whole(1, 100_000));

    /// <summary>How long a confirm may take.</summary>
    public static readonly Setting<TimeSpan?> ConfirmDeadline = new(
        "broker.confirm_deadline", null, "Seconds a confirm may take before the connection counts as lost.",
        "30", "a number of seconds from 1 to 600", SettingParsers.Seconds(1, 600));

    /// <summary>Whether one consumer at a time reads a queue.</summary>
    public static readonly Setting<string?> SingleActiveConsumer = new(
        "broker.single_active_consumer", null,
        "true: of several consumers, one reads a queue and the others stand by; set alike for all, for queues are declared with it.",
        "false", "true or false", SettingParsers.OneOf("true", "false"));

    /// <summary>Whether the first connection is waited for.</summary>
    public static readonly Setting<string?> Wait = new(
        "broker.wait", "--wait", "Waits for the broker where it can't be reached at the start, instead of ending.",
        "false", "true or false", SettingParsers.OneOf("true", "false"))
    { IsSwitch = true };

    /// <summary>The authorities trusted for amqps.</summary>
    public static readonly Setting<string?> CaFile = new(
        "broker.ca_file", null, "For amqps://: a PEM file with the authorities to trust, instead of the system's.",
        "", "a file's name", SettingParsers.Text);

    /// <summary>The client's certificate for amqps.</summary>
    public static readonly Setting<string?> ClientCertificate = new(
        "broker.client_certificate", null, "For amqps://: a PEM file with the certificate to show.",
        "", "a file's name", SettingParsers.Text);

    /// <summary>The key of the client's certificate.</summary>
    public static readonly Setting<string?> ClientKey = new(
        "broker.client_key", null, "For amqps://: a PEM file with that certificate's key, where the certificate's file lacks it.",
        "", "a file's name", SettingParsers.Text);

    /// <summary>The items that have a queue of their own.</summary>
    public static readonly Setting<IReadOnlyList<string>> Items = new(
        "auction.items", "--items", "The items that have a queue of their own, separated by commas.",
        "electronics,furniture,art", "one or more names, separated by commas, each with a letter or digit", SettingParsers.Items);

    /// <summary>The time between two bids of a producer.</summary>
    public static readonly Setting<TimeSpan?> Interval = new(
        "producer.interval", "--interval", "Seconds between two bids; 0 sends as fast as the broker confirms.",
        "5", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    /// <summary>The share of bad messages.</summary>
    public static readonly Setting<decimal> BadRate = new(
        "producer.bad_rate", "--bad-rate", "The share of messages that are bad on purpose, from 0 to 1.",
        "0", "a number from 0 to 1", SettingParsers.Number(0, 1));

    /// <summary>The seed of made-up bids.</summary>
    public static readonly Setting<int?> Seed = new(
        "producer.seed", "--seed", "The same seed makes the same bids.",
        "", "a whole number", SettingParsers.Whole(int.MinValue, int.MaxValue));

    /// <summary>The answer to the admin-site question.</summary>
    public static readonly Setting<string?> Monitor = new(
        "producer.monitor", "--monitor", "Whether to open RabbitMQ's admin site: answers the question at the start.",
        "", "y or n", SettingParsers.OneOf("y", "n"));

    /// <summary>How many messages the broker sends ahead of the acks.</summary>
    public static readonly Setting<int?> Prefetch = new(
        "consumer.prefetch", "--prefetch", "How many messages a queue's consumer holds unacked at the most.",
        "200", "a whole number from 1 to 65535", SettingParsers.Whole(1, ushort.MaxValue));

    /// <summary>The size of the rolling window of an item.</summary>
    public static readonly Setting<int?> Window = new(
        "consumer.window", "--window", "How many bids an item's rolling window holds.",
        "5", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million));

    /// <summary>How often a bid's handler is called.</summary>
    public static readonly Setting<int?> Attempts = new(
        "consumer.attempts", null, "How often a bid is tried where it may work the next time, before it goes to the dead letters.",
        "5", "a whole number from 1 to 100", SettingParsers.Whole(1, 100));

    /// <summary>After how long without a message a consumer ends.</summary>
    public static readonly Setting<TimeSpan?> IdleExit = new(
        "consumer.idle_exit", "--idle-exit", "Ends the consumer when nothing came for so many seconds.",
        "", "a number of seconds from 0.1 to 86400", SettingParsers.Seconds(0.1m, 86_400));

    /// <summary>The amount above which a bid is high.</summary>
    public static readonly Setting<decimal?> Threshold = new(
        "alerts.threshold", "--threshold", "A bid strictly above this amount is high and causes an alert.",
        "800", "an amount from 0 to 1000000000000, or off", SettingParsers.OrOff(SettingParsers.Amount(0, BidJson.MaxAmount)));

    /// <summary>The amounts above which bids on single items are high.</summary>
    public static readonly Setting<IReadOnlyDictionary<string, decimal>?> ItemThresholds = new(
        "alerts.item_thresholds", null, "Thresholds of single items, which go before the one for all.",
        "", "one or more such as art=500, separated by commas, with amounts from 0 to 1000000000000", SettingParsers.AmountsByItem);

    /// <summary>Whether a new high is told.</summary>
    public static readonly Setting<string?> NewHigh = new(
        "alerts.new_high", null, "Alerts when a bid is above all before it in its auction, or on its item.",
        "", "auction or item", SettingParsers.OneOf("auction", "item"));

    /// <summary>How far a bid jumps.</summary>
    public static readonly Setting<decimal?> JumpPercent = new(
        "alerts.jump_percent", null, "Alerts when a bid is more than so many percent above the mean of the others in its full window.",
        "", "a number of percent from 0 to 1000000", SettingParsers.Amount(0, Million));

    /// <summary>How many bids a minute are too many.</summary>
    public static readonly Setting<int?> BidsPerMinute = new(
        "alerts.bids_per_minute", null, "Alerts when an item has more bids than this within a minute.",
        "", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million));

    /// <summary>By how little a window moves that has stalled.</summary>
    public static readonly Setting<decimal?> StalledBelow = new(
        "alerts.stalled_below", null, "Alerts when the prices in a full window differ by less than this amount.",
        "", "an amount from 0.01 to 1000000000000", SettingParsers.Amount(0.01m, BidJson.MaxAmount));

    /// <summary>How many dead letters a minute are too many.</summary>
    public static readonly Setting<int?> DeadLettersPerMinute = new(
        "alerts.dead_letters_per_minute", null, "Alerts when more messages than this can't be handled within a minute.",
        "", "a whole number from 0 to 1000000", SettingParsers.Whole(0, Million));

    /// <summary>Where alerts go without mail settings.</summary>
    public static readonly Setting<string?> Outbox = new(
        "alerts.outbox", null, "The folder alerts are written to as .eml files where no mail is set up.",
        "outbox", "a folder's name", SettingParsers.Text);

    /// <summary>Where alerts are kept until they are sent, and after.</summary>
    public static readonly Setting<string?> AlertDatabase = new(
        "alerts.database", null, "The SQLite file that keeps the alerts, before and after they are sent.",
        "data/alerts.db", "a file's name", SettingParsers.Text);

    /// <summary>Which alerts share a mail.</summary>
    public static readonly Setting<string?> GroupBy = new(
        "alerts.group_by", null, "Which alerts share a mail: those of a bid, an auction, or an item.",
        "bid", "bid, auction or item", SettingParsers.OneOf("bid", "auction", "item"));

    /// <summary>How long a group's first mail waits for more.</summary>
    public static readonly Setting<TimeSpan?> GroupWait = new(
        "alerts.group_wait", null, "Seconds a group's mail waits for more alerts; not for group_by = \"bid\".",
        "30", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    /// <summary>How long a group waits for its next mail.</summary>
    public static readonly Setting<TimeSpan?> RepeatInterval = new(
        "alerts.repeat_interval", null, "Seconds between two mails of a group at the least; not for group_by = \"bid\".",
        "3600", "a number of seconds from 0 to 604800", SettingParsers.Seconds(0, 604_800));

    /// <summary>How many mails there may be in an hour.</summary>
    public static readonly Setting<int?> MailsPerHour = new(
        "alerts.mails_per_hour", null, "How many mails go out in an hour at the most; what is more goes into a digest.",
        "", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million));

    /// <summary>How long a digest collects.</summary>
    public static readonly Setting<TimeSpan?> DigestInterval = new(
        "alerts.digest_interval", null, "Seconds a digest collects what is too much for the hour.",
        "600", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    /// <summary>When nobody is mailed.</summary>
    public static readonly Setting<(TimeOnly From, TimeOnly To)?> QuietHours = new(
        "alerts.quiet_hours", null, "Hours of the day, in local time, without mail; a digest follows at their end.",
        "", "two times of day such as 22:00-07:00", SettingParsers.HoursOfDay);

    /// <summary>The mail server.</summary>
    public static readonly Setting<string?> MailHost = new(
        "outgoing_email_host", null, "The mail server that takes the alerts, as in smtp.gmail.com.",
        "", "a host's name", SettingParsers.Text);

    /// <summary>The mail server's port.</summary>
    public static readonly Setting<int?> MailPort = new(
        "outgoing_email_port", null, "The mail server's port: 587 for STARTTLS, 465 for TLS from the first byte.",
        "587", "a port from 1 to 65535", SettingParsers.Whole(1, 65_535));

    /// <summary>The sender of alerts.</summary>
    public static readonly Setting<string?> MailAddress = new(
        "outgoing_email_address", null, "Who the alerts come from, and who logs in.",
        "", "one e-mail address", SettingParsers.EmailAddress);

    /// <summary>The password of the sender.</summary>
    public static readonly Setting<string?> MailPassword = new(
        "outgoing_email_password", null, "The login's password (for Gmail an app password); empty: no login.",
        "", "a text", SettingParsers.Secret)
    { IsSecret = true };

    /// <summary>The receiver of alerts.</summary>
    public static readonly Setting<string?> MailReceiver = new(
        "receiver_email_address", null, "Who gets the alerts.",
        "", "one e-mail address", SettingParsers.EmailAddress);

    /// <summary>Whether the mail session is encrypted.</summary>
    public static readonly Setting<string?> MailTls = new(
        "mail.tls", null,
        "starttls: no mail without it; implicit: TLS from the first byte, as on port 465; none: in the clear; " +
        "auto: implicit on port 465, else starttls, but on this machine only if offered.",
        "auto", "auto, starttls, implicit or none", SettingParsers.OneOf("auto", "starttls", "implicit", "none"));

    /// <summary>How many messages end the program.</summary>
    public static readonly Setting<int?> Count = new(
        "run.count", "--count", "Ends after so many messages, bad ones included.",
        "", "a whole number from 1 to 2147483647", SettingParsers.Whole(1, int.MaxValue));

    /// <summary>The folder of the log files.</summary>
    public static readonly Setting<string?> Logs = new(
        "run.logs", "--logs", "The folder of the log files.",
        "logs", "a folder's name", SettingParsers.Text);

    /// <summary>Whether there is a line for each bid.</summary>
    public static readonly Setting<string?> Quiet = new(
        "run.quiet", "--quiet", "No line for each bid; one line a second with the rate instead.",
        "false", "true or false", SettingParsers.OneOf("true", "false"))
    { IsSwitch = true };

    /// <summary>Every setting, in the order of .env.toml.example.</summary>
    public static readonly IReadOnlyList<Setting> List =
    [
        MailHost, MailPort, MailAddress, MailPassword, MailReceiver,
        BrokerUris, QueueType, SingleActiveConsumer, Wait, Heartbeat, ConfirmWindow, ConfirmDeadline, CaFile, ClientCertificate, ClientKey,
        Items,
        Interval, BadRate, Seed, Monitor,
        Prefetch, Window, Attempts, IdleExit,
        Threshold, ItemThresholds, NewHigh, JumpPercent, BidsPerMinute, StalledBelow, DeadLettersPerMinute, Outbox, AlertDatabase, GroupBy, GroupWait, RepeatInterval, MailsPerHour, DigestInterval, QuietHours,
        MailTls,
        Count, Logs, Quiet,
    ];
}
