using AuctionTracker.Core.Bids;

namespace AuctionTracker.Core.Settings;

#pragma warning disable CS1591 // The help text of a setting says what it means.

/// <summary>
/// Every setting of the suite: its key, flag, meaning, default and allowed values. <c>--help</c>, the errors, .env.toml.example and
/// docs/settings.md come from here.
/// </summary>
public static class AllSettings
{
    private const int Million = 1_000_000;

    public static readonly Setting<IReadOnlyList<Uri>> BrokerUris = new(
        "broker.uri", "--broker", "The broker's address. Several, separated by commas, are the nodes of a cluster.",
        "amqp://guest:guest@localhost:5672/",
        "one or more addresses such as amqp://user:password@host:5672/vhost, separated by commas", SettingParsers.BrokerUris)
    { IsSecret = true };

    public static readonly Setting<string?> QueueType = new(
        "broker.queue_type", null, "The type of all queues: classic, or quorum for clusters.",
        "classic", "classic or quorum", SettingParsers.OneOf("classic", "quorum"));

    public static readonly Setting<int?> Heartbeat = new(
        "broker.heartbeat", null, "Seconds between two heartbeats. A connection that is silent for two heartbeats counts as lost.",
        "10", "a whole number of seconds from 3 to 600", SettingParsers.Whole(3, 600));

    public static readonly Setting<int?> ConfirmWindow = new(
        "broker.confirm_window", null, "Largest number of a producer's messages that wait for their confirm.",
        "1000", "a whole number from 1 to 100000", SettingParsers.Whole(1, 100_000));

    public static readonly Setting<TimeSpan?> ConfirmDeadline = new(
        "broker.confirm_deadline", null, "Seconds that a confirm may take before the connection counts as lost.",
        "30", "a number of seconds from 1 to 600", SettingParsers.Seconds(1, 600));

    public static readonly Setting<string?> SingleActiveConsumer = new(
        "broker.single_active_consumer", null,
        "true: of several consumers of a queue, one reads and the others stand by. Queues are declared with it: set it alike everywhere.",
        "false", "true or false", SettingParsers.OneOf("true", "false"));

    public static readonly Setting<string?> Wait = new(
        "broker.wait", "--wait", "Waits for a broker that can't be reached at the start, instead of ending.",
        "false", "true or false", SettingParsers.OneOf("true", "false"))
    { IsSwitch = true };

    public static readonly Setting<Uri?> Management = new(
        "broker.management", null, "RabbitMQ's management API; without it, port 15672 of the broker's host.",
        "", "an address such as http://host:15672", SettingParsers.WebAddress)
    { Example = "http://localhost:15672" };

    public static readonly Setting<string?> CaFile = new(
        "broker.ca_file", null, "For amqps://: PEM file with the certificate authorities to trust, instead of the system's.",
        "", "a file's name", SettingParsers.Text)
    { Example = "authority.pem" };

    public static readonly Setting<string?> ClientCertificate = new(
        "broker.client_certificate", null, "For amqps://: PEM file with the client certificate.",
        "", "a file's name", SettingParsers.Text)
    { Example = "client.pem" };

    public static readonly Setting<string?> ClientKey = new(
        "broker.client_key", null, "For amqps://: PEM file with the client certificate's key, if the certificate's file does not hold it.",
        "", "a file's name", SettingParsers.Text)
    { Example = "client.key" };

    public static readonly Setting<IReadOnlyList<string>> Items = new(
        "auction.items", "--items", "The items that have a queue of their own, separated by commas.",
        "electronics,furniture,art", "one or more names, separated by commas, each with a letter or digit", SettingParsers.Items);

    public static readonly Setting<TimeSpan?> Interval = new(
        "producer.interval", "--interval", "Seconds between two bids; 0 sends as fast as the broker confirms.",
        "5", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    public static readonly Setting<decimal> BadRate = new(
        "producer.bad_rate", "--bad-rate", "The share of messages that are invalid on purpose.",
        "0", "a number from 0 to 1", SettingParsers.Number(0, 1));

    public static readonly Setting<string?> LiveFile = new(
        "live.file", "--file", "File to which Producer.V0 appends bids, and from which Consumer.V0 reads them as it grows.",
        "data/live.jsonl", "a file's name", SettingParsers.Text);

    public static readonly Setting<int?> Seed = new(
        "producer.seed", "--seed", "Seed of the random bids: the same seed makes the same bids.",
        "", "a whole number from -2147483648 to 2147483647", SettingParsers.Whole(int.MinValue, int.MaxValue))
    { Example = "7" };

    public static readonly Setting<int?> Auctions = new(
        "producer.auctions", "--auctions", "Number of auctions that are open at a time; each bid then belongs to one, and mostly raises its price.",
        "", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million))
    { Example = "100" };

    public static readonly Setting<TimeSpan?> AuctionTime = new(
        "producer.auction_time", "--auction-time",
        "With --auctions: seconds that an auction is open; its bids then say when it closes, and from which amount on it sells.",
        "", "a number of seconds from 0.1 to 2592000", SettingParsers.Seconds(0.1m, 2_592_000))
    { Example = "60" };

    public static readonly Setting<string?> Monitor = new(
        "producer.monitor", "--monitor", "Whether to open RabbitMQ's admin site; without it, a producer at a terminal asks.",
        "", "y or n", SettingParsers.OneOf("y", "n"))
    { Example = "n" };

    public static readonly Setting<int?> Prefetch = new(
        "consumer.prefetch", "--prefetch", "Largest number of messages that a queue's consumer holds without an ack.",
        "200", "a whole number from 1 to 65535", SettingParsers.Whole(1, ushort.MaxValue));

    public static readonly Setting<int?> Window = new(
        "consumer.window", "--window", "Number of bids in the rolling window of an item.",
        "5", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million));

    public static readonly Setting<int?> Attempts = new(
        "consumer.attempts", null, "How often a consumer tries a bid that fails for a passing reason, before it becomes a dead letter.",
        "5", "a whole number from 1 to 100", SettingParsers.Whole(1, 100));

    public static readonly Setting<TimeSpan?> IdleExit = new(
        "consumer.idle_exit", "--idle-exit", "Ends the consumer after so many seconds without a message.",
        "", "a number of seconds from 0.1 to 86400", SettingParsers.Seconds(0.1m, 86_400))
    { Example = "60" };

    public static readonly Setting<IReadOnlyList<SinkAddress>> RecordTo = new(
        "recorder.to", "--to", "Where the recorder keeps bids, told by its shape. Several keep them side by side, each with a queue of its name.",
        "data/bids/",
        "one or more of: a folder ending in / (JSON lines), a .db or .sqlite file, a .duckdb file, postgres://user@host/database; " +
        "two of a kind need names, as in archive=data/archive/",
        SettingParsers.Sinks)
    { IsSecret = true, IsRepeatable = true };

    public static readonly Setting<int?> DashboardPort = new(
        "dashboard.port", "--port", "The port of the dashboard's page; 0 takes a free one.",
        "8080", "a port from 0 to 65535", SettingParsers.Whole(0, 65_535));

    public static readonly Setting<string?> DashboardListen = new(
        "dashboard.listen", "--listen", "The address that the dashboard listens on. One that other machines reach needs dashboard.password.",
        "127.0.0.1", "an IP address; 0.0.0.0 for all of this machine", SettingParsers.IPAddress);

    public static readonly Setting<string?> DashboardPassword = new(
        "dashboard.password", null, "The password of the dashboard. Empty: none, and then it listens on this machine only.",
        "", "a text", SettingParsers.Secret)
    { IsSecret = true };

    public static readonly Setting<TimeSpan?> DashboardWindow = new(
        "dashboard.window", null, "The time that the live charts show; --window in Dashboard.",
        "10m", $"{Duration.Allowed}, from 10s to 4d", SettingParsers.Span(TimeSpan.FromSeconds(10), TimeSpan.FromDays(4)));

    public static readonly Setting<TimeSpan?> StalledAfter = new(
        "dashboard.stalled_after", null, "Seconds without a bid after which the dashboard marks an item as stalled.",
        "60", "a number of seconds from 1 to 86400", SettingParsers.Seconds(1, 86_400));

    public static readonly Setting<string?> DashboardOpen = new(
        "dashboard.open", "--open", "Whether to open the dashboard's page in a browser; without it, it asks at a terminal.",
        "", "y or n", SettingParsers.OneOf("y", "n"))
    { Example = "n" };

    public static readonly Setting<decimal?> Threshold = new(
        "alerts.threshold", "--threshold", "A bid strictly above this amount is high and causes an alert.",
        "800", "an amount from 0 to 1000000000000, or off", SettingParsers.OrOff(SettingParsers.Amount(0, BidJson.MaxAmount)));

    public static readonly Setting<IReadOnlyDictionary<string, decimal>?> ItemThresholds = new(
        "alerts.item_thresholds", null, "Thresholds of single items; they replace alerts.threshold for these items.",
        "", "one or more such as art=500, separated by commas, with amounts from 0 to 1000000000000", SettingParsers.AmountsByItem)
    { Example = "art=500,electronics=1200" };

    public static readonly Setting<string?> NewHigh = new(
        "alerts.new_high", null, "Alerts when a bid is higher than all earlier bids of its auction, or of its item.",
        "", "auction or item", SettingParsers.OneOf("auction", "item"))
    { Example = "auction" };

    public static readonly Setting<decimal?> JumpPercent = new(
        "alerts.jump_percent", null, "Alerts when a bid is more than so many percent above the mean of the other bids in its full window.",
        "", "a number of percent from 0 to 1000000", SettingParsers.Amount(0, Million))
    { Example = "50" };

    public static readonly Setting<int?> BidsPerMinute = new(
        "alerts.bids_per_minute", null, "Alerts when an item has more bids than this within a minute.",
        "", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million))
    { Example = "100" };

    public static readonly Setting<decimal?> StalledBelow = new(
        "alerts.stalled_below", null, "Alerts when the prices in a full window differ by less than this amount.",
        "", "an amount from 0.01 to 1000000000000", SettingParsers.Amount(0.01m, BidJson.MaxAmount))
    { Example = "1" };

    public static readonly Setting<int?> DeadLettersPerMinute = new(
        "alerts.dead_letters_per_minute", null, "Alerts when there are more dead letters than this within a minute.",
        "", "a whole number from 0 to 1000000", SettingParsers.Whole(0, Million))
    { Example = "10" };

    public static readonly Setting<string?> Outbox = new(
        "alerts.outbox", null, "Folder for alerts as .eml files, used while no mail is set up.",
        "outbox", "a folder's name", SettingParsers.Text);

    public static readonly Setting<string?> AlertDatabase = new(
        "alerts.database", null, "SQLite file that keeps the alerts, before and after they are sent.",
        "data/alerts.db", "a file's name", SettingParsers.Text);

    public static readonly Setting<string?> GroupBy = new(
        "alerts.group_by", null, "Which alerts share a mail: those of a bid, of an auction or of an item.",
        "bid", "bid, auction or item", SettingParsers.OneOf("bid", "auction", "item"));

    public static readonly Setting<TimeSpan?> GroupWait = new(
        "alerts.group_wait", null, "Seconds that the mail of an auction or item waits for more alerts; not for group_by = \"bid\".",
        "30", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    public static readonly Setting<TimeSpan?> RepeatInterval = new(
        "alerts.repeat_interval", null, "Shortest time in seconds between two mails about an auction or item; not for group_by = \"bid\".",
        "3600", "a number of seconds from 0 to 604800", SettingParsers.Seconds(0, 604_800));

    public static readonly Setting<int?> MailsPerHour = new(
        "alerts.mails_per_hour", null, "Largest number of mails in an hour; further alerts go into a digest.",
        "", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million))
    { Example = "20" };

    public static readonly Setting<TimeSpan?> DigestInterval = new(
        "alerts.digest_interval", null, "Seconds that a digest collects alerts before it is sent.",
        "600", "a number of seconds from 0 to 86400", SettingParsers.Seconds(0, 86_400));

    public static readonly Setting<(TimeOnly From, TimeOnly To)?> QuietHours = new(
        "alerts.quiet_hours", null, "Hours of the day, in local time, without mail; a digest is sent at their end.",
        "", "two times of day such as 22:00-07:00", SettingParsers.HoursOfDay)
    { Example = "22:00-07:00" };

    public static readonly Setting<string?> MailHost = new(
        "outgoing_email_host", null, "The mail server that sends the alerts. Without mail settings, alerts become files in alerts.outbox.",
        "", "a host's name", SettingParsers.Text)
    { Example = "smtp.gmail.com" };

    public static readonly Setting<int?> MailPort = new(
        "outgoing_email_port", null, "The mail server's port: 587 for STARTTLS, 465 for TLS from the first byte.",
        "587", "a port from 1 to 65535", SettingParsers.Whole(1, 65_535));

    public static readonly Setting<string?> MailAddress = new(
        "outgoing_email_address", null, "The sender of the alerts; also the user name of the login.",
        "", "one e-mail address", SettingParsers.EmailAddress)
    { Example = "you@gmail.com" };

    public static readonly Setting<string?> MailPassword = new(
        "outgoing_email_password", null, "The password of the login; for Gmail an app password. Empty: no login.",
        "", "a text", SettingParsers.Secret)
    { IsSecret = true };

    public static readonly Setting<string?> MailReceiver = new(
        "receiver_email_address", null, "The receiver of the alerts.",
        "", "one e-mail address", SettingParsers.EmailAddress)
    { Example = "you@gmail.com" };

    public static readonly Setting<string?> MailTls = new(
        "mail.tls", null,
        "Encryption of the mail session. starttls requires STARTTLS; implicit is TLS from the first byte, as on port 465; none sends " +
        "everything in the clear; auto is implicit on port 465 and otherwise starttls, which a server on this machine need not offer.",
        "auto", "auto, starttls, implicit or none", SettingParsers.OneOf("auto", "starttls", "implicit", "none"));

    public static readonly Setting<int?> Count = new(
        "run.count", "--count", "Ends after so many messages; invalid ones count.",
        "", "a whole number from 1 to 2147483647", SettingParsers.Whole(1, int.MaxValue))
    { Example = "100" };

    public static readonly Setting<string?> Logs = new(
        "run.logs", "--logs", "The folder of the log files.",
        "logs", "a folder's name", SettingParsers.Text);

    public static readonly Setting<string?> Quiet = new(
        "run.quiet", "--quiet", "Shows one line a second with the rate, instead of a line for each bid.",
        "false", "true or false", SettingParsers.OneOf("true", "false"))
    { IsSwitch = true };

    /// <summary>Every setting, in the order of .env.toml.example.</summary>
    public static readonly IReadOnlyList<Setting> List =
    [
        MailHost, MailPort, MailAddress, MailPassword, MailReceiver,
        BrokerUris, QueueType, SingleActiveConsumer, Wait, Heartbeat, ConfirmWindow, ConfirmDeadline, Management, CaFile, ClientCertificate, ClientKey,
        Items,
        Interval, BadRate, Seed, Auctions, AuctionTime, Monitor,
        Prefetch, Window, Attempts, IdleExit,
        LiveFile,
        RecordTo,
        SaleSettings.AuctioneerDatabase, SaleSettings.AuctioneerClock, SaleSettings.AuctioneerLate,
        SaleSettings.SettlementDatabase, SaleSettings.MailWinners, SaleSettings.WinnersOutbox,
        SaleSettings.StockStart, SaleSettings.StockOfItems, SaleSettings.RefillAt, SaleSettings.RefillTo,
        DashboardPort, DashboardListen, DashboardPassword, DashboardWindow, StalledAfter, DashboardOpen,
        Threshold, ItemThresholds, NewHigh, JumpPercent, BidsPerMinute, StalledBelow, DeadLettersPerMinute, SaleSettings.ClosedAlert, SaleSettings.UnsoldAlert,
        Outbox, AlertDatabase,
        GroupBy, GroupWait, RepeatInterval, MailsPerHour, DigestInterval, QuietHours,
        MailTls,
        Count, Logs, Quiet,
    ];
}
