using System.Collections;
using System.Net;

namespace AuctionTracker.Core.Settings;

/// <summary>The checked settings of one run. Immutable.</summary>
/// <param name="Broker">The connection to the broker.</param>
/// <param name="Items">The items that have a queue of their own; at least one.</param>
/// <param name="Producer">The settings of a producer.</param>
/// <param name="Consumer">The settings of a consumer.</param>
/// <param name="Alerts">The alert rules, and the storage and dispatch of alerts.</param>
/// <param name="Mail">The mail account, or <see langword="null"/> if no mail is set up.</param>
/// <param name="Run">The settings of every program.</param>
public sealed record AuctionSettings(
    BrokerSettings Broker,
    IReadOnlyList<string> Items,
    ProducerSettings Producer,
    ConsumerSettings Consumer,
    AlertSettings Alerts,
    MailSettings? Mail,
    RunSettings Run)
{
    /// <summary>The file of bids that grows.</summary>
    public string LiveFile { get; init; } = "";

    /// <summary>Where the recorder keeps bids; their names differ.</summary>
    public IReadOnlyList<SinkAddress> RecordTo { get; init; } = [];

    /// <summary>The settings of Auctioneer.</summary>
    public AuctioneerSettings Auctioneer { get; init; } = new("data/auctions.db", ClockKind.Wall, TimeSpan.FromSeconds(2));

    /// <summary>The settings of Settlement.</summary>
    public SettlementSettings Settlement { get; init; } =
        new("data/settlement.db", false, "outbox/winners", new StockSettings(20, new Dictionary<string, int>(), 5, 20));

    /// <summary>The settings of the dashboard.</summary>
    public DashboardSettings Dashboard { get; init; } = new(0, "127.0.0.1", null, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), null);

    /// <summary>The settings file if <c>--settings</c> names no other.</summary>
    public const string DefaultFile = ".env.toml";

    private const int ImplicitTlsPort = 465;

    /// <summary>Reads settings: a flag, else the environment, else the file, else the default.</summary>
    /// <param name="flags">The texts of the flags on the command line, by flag.</param>
    /// <param name="environment">The environment; only variables that begin with <c>AUCTION_</c> are read.</param>
    /// <param name="file">The settings file; <see langword="null"/>: <see cref="DefaultFile"/> if it exists; "": none.</param>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="SettingsException">A setting is wrong, or the file can't be read.</exception>
    public static async Task<AuctionSettings> LoadAsync(
        IReadOnlyDictionary<string, string> flags, IDictionary environment, string? file, CancellationToken cancel)
    {
        var ours = environment.Cast<DictionaryEntry>()
            .Where(e => ((string)e.Key).StartsWith("AUCTION_", StringComparison.Ordinal))
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "");
        return From(new SettingSources(flags, ours, await ReadFileAsync(file, cancel)));
    }

    /// <summary>Reads the settings from their sources.</summary>
    /// <exception cref="SettingsException">One setting needs another one that is missing.</exception>
    internal static AuctionSettings From(SettingSources sources)
    {
        var count = AllSettings.Count.From(sources);
        return new AuctionSettings(
            new BrokerSettings(
                AllSettings.BrokerUris.From(sources),
                AllSettings.QueueType.From(sources) == "quorum",
                TimeSpan.FromSeconds(AllSettings.Heartbeat.From(sources)!.Value),
                AllSettings.ConfirmWindow.From(sources)!.Value,
                AllSettings.ConfirmDeadline.From(sources)!.Value)
            {
                SingleActiveConsumer = AllSettings.SingleActiveConsumer.From(sources) == "true",
                Wait = AllSettings.Wait.From(sources) == "true",
                Management = AllSettings.Management.From(sources),
                CaFile = AllSettings.CaFile.From(sources),
                ClientCertificate = AllSettings.ClientCertificate.From(sources),
                ClientKey = AllSettings.ClientKey.From(sources),
            },
            AllSettings.Items.From(sources),
            new ProducerSettings(
                count,
                AllSettings.Interval.From(sources)!.Value,
                AllSettings.Seed.From(sources),
                (double)AllSettings.BadRate.From(sources),
                AllSettings.Monitor.From(sources) is { } answer ? answer == "y" : null)
            {
                Auctions = AllSettings.Auctions.From(sources) ?? 0,
                AuctionTime = AllSettings.AuctionTime.From(sources),
            },
            new ConsumerSettings(
                count,
                AllSettings.IdleExit.From(sources),
                AllSettings.Prefetch.From(sources)!.Value,
                AllSettings.Window.From(sources)!.Value,
                AllSettings.Attempts.From(sources)!.Value),
            new AlertSettings(
                RulesFrom(sources), AllSettings.Outbox.From(sources)!, AllSettings.AlertDatabase.From(sources)!, DispatchFrom(sources)),
            MailFrom(sources),
            new RunSettings(AllSettings.Logs.From(sources)!, AllSettings.Quiet.From(sources) == "true"))
        {
            LiveFile = AllSettings.LiveFile.From(sources)!,
            RecordTo = AllSettings.RecordTo.From(sources),
            Auctioneer = new AuctioneerSettings(
                SaleSettings.AuctioneerDatabase.From(sources)!,
                Enum.Parse<ClockKind>(SaleSettings.AuctioneerClock.From(sources)!, ignoreCase: true),
                SaleSettings.AuctioneerLate.From(sources)!.Value),
            Settlement = new SettlementSettings(
                SaleSettings.SettlementDatabase.From(sources)!,
                SaleSettings.MailWinners.From(sources) == "true",
                SaleSettings.WinnersOutbox.From(sources)!,
                StockFrom(sources)),
            Dashboard = new DashboardSettings(
                AllSettings.DashboardPort.From(sources)!.Value,
                AllSettings.DashboardListen.From(sources)!,
                AllSettings.DashboardPassword.From(sources) is { Length: > 0 } password ? password : null,
                AllSettings.DashboardWindow.From(sources)!.Value,
                AllSettings.StalledAfter.From(sources)!.Value,
                AllSettings.DashboardOpen.From(sources) is { } open ? open == "y" : null),
        };
    }

    private static async Task<IReadOnlyDictionary<string, TomlValue>> ReadFileAsync(string? file, CancellationToken cancel)
    {
        if (file is "" || (file is null && !File.Exists(DefaultFile)))
        {
            return new Dictionary<string, TomlValue>();
        }

        var path = file ?? DefaultFile;
        try
        {
            return TomlFile.Parse(path, await Utf8File.ReadAsync(path, cancel));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The settings file {path} can't be read: {e.Message}");
        }
    }

    private static RuleSettings RulesFrom(SettingSources sources) => new(
        AllSettings.Threshold.From(sources), AllSettings.ItemThresholds.From(sources) ?? new Dictionary<string, decimal>())
    {
        NewHighOf = AllSettings.NewHigh.From(sources) is { } of ? Enum.Parse<GroupBy>(of, ignoreCase: true) : null,
        JumpPercent = AllSettings.JumpPercent.From(sources),
        BidsPerMinute = AllSettings.BidsPerMinute.From(sources),
        StalledBelow = AllSettings.StalledBelow.From(sources),
        DeadLettersPerMinute = AllSettings.DeadLettersPerMinute.From(sources),
        AuctionClosed = SaleSettings.ClosedAlert.From(sources) == "true",
        AuctionUnsold = SaleSettings.UnsoldAlert.From(sources) == "true",
    };

    private static StockSettings StockFrom(SettingSources sources)
    {
        var (at, to) = (SaleSettings.RefillAt.From(sources)!.Value, SaleSettings.RefillTo.From(sources)!.Value);
        return to > at
            ? new StockSettings(
                SaleSettings.StockStart.From(sources)!.Value,
                SaleSettings.StockOfItems.From(sources)?.ToDictionary(pair => pair.Key, pair => (int)pair.Value) ?? [], at, to)
            : throw new SettingsException($"stock.refill_to is {to} and stock.refill_at is {at}: a refill must reach more than stock.refill_at.");
    }

    private static DispatchSettings DispatchFrom(SettingSources sources)
    {
        var groupBy = Enum.Parse<GroupBy>(AllSettings.GroupBy.From(sources)!, ignoreCase: true);
        return new DispatchSettings(
            groupBy,
            groupBy == GroupBy.Bid ? TimeSpan.Zero : AllSettings.GroupWait.From(sources)!.Value,
            groupBy == GroupBy.Bid ? TimeSpan.Zero : AllSettings.RepeatInterval.From(sources)!.Value,
            AllSettings.MailsPerHour.From(sources),
            AllSettings.DigestInterval.From(sources)!.Value,
            AllSettings.QuietHours.From(sources) is var (from, to) ? new QuietHours(from, to, TimeZoneInfo.Local) : null);
    }

    private static MailSettings? MailFrom(SettingSources sources)
    {
        Setting<string?>[] needed = [AllSettings.MailHost, AllSettings.MailAddress, AllSettings.MailReceiver];
        var written = needed.Append(AllSettings.MailPassword).Where(s => sources.Find(s) is not null).ToList();
        if (written.Count == 0)
        {
            return null;
        }

        if (needed.FirstOrDefault(s => s.From(sources) is null) is { } missing)
        {
            throw new SettingsException(
                $"{written[0].Key} is set, but {missing.Key} is not. To mail alerts, set all of " +
                $"{string.Join(", ", needed.Select(s => s.Key))}; to write them to files, set none.");
        }

        var port = AllSettings.MailPort.From(sources)!.Value;
        var tls = Enum.Parse<MailTls>(AllSettings.MailTls.From(sources)!, ignoreCase: true);
        return new MailSettings(
            AllSettings.MailHost.From(sources)!,
            port,
            AllSettings.MailAddress.From(sources)!,
            AllSettings.MailPassword.From(sources) is { Length: > 0 } password ? password : null,
            AllSettings.MailReceiver.From(sources)!,
            tls == MailTls.Auto && port == ImplicitTlsPort ? MailTls.Implicit : tls);
    }
}

/// <summary>The connection to the broker.</summary>
/// <param name="Uris">The broker's address, or those of a cluster's nodes, tried in this order; at least one. They hold the password.</param>
/// <param name="QuorumQueues">Whether queues are declared as quorum queues.</param>
/// <param name="Heartbeat">From 3 s to 600 s; a connection that is silent for two heartbeats counts as lost.</param>
/// <param name="ConfirmWindow">Largest number of unconfirmed messages, from 1 to 100,000.</param>
/// <param name="ConfirmDeadline">Longest time for a confirm, from 1 s to 600 s.</param>
public sealed record BrokerSettings(
    IReadOnlyList<Uri> Uris, bool QuorumQueues, TimeSpan Heartbeat, int ConfirmWindow, TimeSpan ConfirmDeadline)
{
    /// <summary>Whether one of several consumers reads a queue while the others stand by.</summary>
    public bool SingleActiveConsumer { get; init; }

    /// <summary>Whether a program waits for a broker that can't be reached at the start.</summary>
    public bool Wait { get; init; }

    /// <summary>The management API, or <see langword="null"/> for port 15672 of the broker's host.</summary>
    public Uri? Management { get; init; }

    /// <summary>For <c>amqps://</c>: the PEM file with the authorities to trust, or <see langword="null"/> for the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>For <c>amqps://</c>: the PEM file with the client certificate, or <see langword="null"/> for none.</summary>
    public string? ClientCertificate { get; init; }

    /// <summary>The PEM file with its key, or <see langword="null"/> if the certificate's file holds it.</summary>
    public string? ClientKey { get; init; }
}

/// <summary>The settings of a producer.</summary>
/// <param name="Count">Number of messages after which it ends; <see langword="null"/>: the program decides.</param>
/// <param name="Interval">The time between two messages; zero: as fast as the broker confirms.</param>
/// <param name="Seed">The seed of the random bids, or <see langword="null"/> for other bids in each run.</param>
/// <param name="BadRate">The share of messages that are invalid on purpose, from 0 to 1.</param>
/// <param name="Monitor">Whether to open the admin site; <see langword="null"/>: ask at a terminal.</param>
public sealed record ProducerSettings(int? Count, TimeSpan Interval, int? Seed, double BadRate, bool? Monitor)
{
    /// <summary>Number of auctions that are open at a time; 0: bids belong to no auction.</summary>
    public int Auctions { get; init; }

    /// <summary>How long an auction is open; <see langword="null"/>: until nobody bids more.</summary>
    public TimeSpan? AuctionTime { get; init; }
}

/// <summary>The settings of a consumer.</summary>
/// <param name="Count">Number of messages after which it ends; <see langword="null"/>: never.</param>
/// <param name="IdleExit">Time without a message after which it ends; <see langword="null"/>: never.</param>
/// <param name="Prefetch">Largest number of unacked messages of a queue's consumer, from 1 to 65,535.</param>
/// <param name="Window">Number of bids in the rolling window of an item, from 1 to 1,000,000.</param>
/// <param name="Attempts">How often a bid, or its mail, is tried if it fails for a passing reason, from 1 to 100.</param>
public sealed record ConsumerSettings(int? Count, TimeSpan? IdleExit, int Prefetch, int Window, int Attempts);

/// <summary>The mail account that sends the alerts.</summary>
/// <param name="Host">The mail server.</param>
/// <param name="Port">The port of the mail server.</param>
/// <param name="Address">The sender; also the user name of the login.</param>
/// <param name="Password">The password, or <see langword="null"/> for no login.</param>
/// <param name="Receiver">The receiver of the alerts.</param>
/// <param name="Tls">The encryption of the session; never <see cref="MailTls.Auto"/> for port 465.</param>
public sealed record MailSettings(
    string Host, int Port, string Address, string? Password, string Receiver, MailTls Tls)
{
    /// <summary>Whether the mail server is on this machine.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>The settings without the password.</summary>
    public override string ToString() => $"{Address} by way of {Host}:{Port} to {Receiver}";
}

/// <summary>The encryption of a mail session.</summary>
public enum MailTls
{
    /// <summary>
    /// STARTTLS is required, except that a server on this machine need not offer it. Port 465 means <see cref="Implicit"/>.
    /// </summary>
    Auto,

    /// <summary>STARTTLS is required.</summary>
    StartTls,

    /// <summary>TLS from the first byte, as on port 465.</summary>
    Implicit,

    /// <summary>No encryption, not even of the password.</summary>
    None,
}

/// <summary>The settings of every program.</summary>
/// <param name="Logs">The folder of the log files.</param>
/// <param name="Quiet">Whether a program shows one line a second with the rate, instead of a line for each bid.</param>
public sealed record RunSettings(string Logs, bool Quiet);
