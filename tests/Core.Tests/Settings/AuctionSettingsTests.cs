using System.Collections;
using System.Diagnostics;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class AuctionSettingsTests
{
    [Fact]
    public async Task The_defaults_are_those_of_the_contract()
    {
        var settings = await TestSettings.LoadAsync();

        Assert.Equal([new Uri("amqp://guest:guest@localhost:5672/")], settings.Broker.Uris);
        Assert.Equal((false, TimeSpan.FromSeconds(10)), (settings.Broker.QuorumQueues, settings.Broker.Heartbeat));
        Assert.Equal((1_000, TimeSpan.FromSeconds(30)), (settings.Broker.ConfirmWindow, settings.Broker.ConfirmDeadline));
        Assert.Equal(["electronics", "furniture", "art"], settings.Items);
        Assert.Equal(new ProducerSettings(Count: null, TimeSpan.FromSeconds(5), Seed: null, BadRate: 0, Monitor: null), settings.Producer);
        Assert.Equal(new ConsumerSettings(Count: null, IdleExit: null, Prefetch: 200, Window: 5, Attempts: 5), settings.Consumer);
        Assert.Equal(
            new AlertSettings(
                new RuleSettings(Threshold: 800m, settings.Alerts.Rules.ItemThresholds), Outbox: "outbox", Database: "data/alerts.db",
                new DispatchSettings(GroupBy.Bid, TimeSpan.Zero, TimeSpan.Zero, MailsPerHour: null, TimeSpan.FromMinutes(10), Quiet: null)),
            settings.Alerts);
        Assert.Empty(settings.Alerts.Rules.ItemThresholds);
        Assert.Null(settings.Mail);
        Assert.Equal(new RunSettings(Logs: "logs", Quiet: false), settings.Run);
    }

    [Fact]
    public async Task A_flag_overrides_the_environment_which_overrides_the_file_which_overrides_the_default()
    {
        var file = "[alerts]\nthreshold = 500";
        (string, string)[] environment = [("AUCTION_THRESHOLD", "600")];
        (string, string)[] flags = [("--threshold", "700")];

        Assert.Equal(700m, (await TestSettings.LoadAsync(file, environment, flags)).Alerts.Rules.Threshold);
        Assert.Equal(600m, (await TestSettings.LoadAsync(file, environment)).Alerts.Rules.Threshold);
        Assert.Equal(500m, (await TestSettings.LoadAsync(file)).Alerts.Rules.Threshold);
        Assert.Equal(800m, (await TestSettings.LoadAsync()).Alerts.Rules.Threshold);
    }

    [Fact]
    public async Task Every_setting_of_a_file_is_read()
    {
        var settings = await TestSettings.LoadAsync(
            """
            outgoing_email_host = "mail.example.com"
            outgoing_email_port = 2525
            outgoing_email_address = "from@example.com"
            outgoing_email_password = "pa#ss\"word"
            receiver_email_address = "to@example.com"
            [broker]
            uri = ["amqp://a:b@one:1/x", "amqps://two"]
            queue_type = "quorum"
            heartbeat = 20
            confirm_window = 7
            confirm_deadline = 1.5
            [auction]
            items = ["Palm Pilot M515 PDA", "art"]
            [producer]
            interval = 0.25
            bad_rate = 0.2
            seed = -7
            monitor = "y"
            [consumer]
            prefetch = 65535
            window = 100
            attempts = 3
            idle_exit = 0.1
            [alerts]
            threshold = 0.01
            item_thresholds = ["Palm Pilot M515 PDA=300", "art = 0.5"]
            new_high = "auction"
            jump_percent = 12.5
            bids_per_minute = 100
            stalled_below = 1
            dead_letters_per_minute = 0
            outbox = "/var/outbox"
            database = "/var/alerts.db"
            group_by = "auction"
            group_wait = 5
            repeat_interval = 60
            mails_per_hour = 20
            digest_interval = 90
            quiet_hours = "22:00-07:30"
            [mail]
            tls = "starttls"
            [run]
            count = 50
            logs = "/var/log"
            quiet = true
            """);

        Assert.Equal([new Uri("amqp://a:b@one:1/x"), new Uri("amqps://two")], settings.Broker.Uris);
        Assert.Equal((true, TimeSpan.FromSeconds(20)), (settings.Broker.QuorumQueues, settings.Broker.Heartbeat));
        Assert.Equal((7, TimeSpan.FromSeconds(1.5)), (settings.Broker.ConfirmWindow, settings.Broker.ConfirmDeadline));
        Assert.Equal(["Palm Pilot M515 PDA", "art"], settings.Items);
        Assert.Equal(new ProducerSettings(50, TimeSpan.FromSeconds(0.25), -7, 0.2, Monitor: true), settings.Producer);
        Assert.Equal(new ConsumerSettings(50, TimeSpan.FromSeconds(0.1), 65_535, 100, 3), settings.Consumer);
        var rules = settings.Alerts.Rules;
        Assert.Equal(new Dictionary<string, decimal> { ["palm_pilot_m515_pda"] = 300m, ["art"] = 0.5m }, rules.ItemThresholds);
        Assert.Equal(
            (0.01m, GroupBy.Auction, 12.5m, 100, 1m, 0),
            (rules.Threshold, rules.NewHighOf, rules.JumpPercent, rules.BidsPerMinute, rules.StalledBelow, rules.DeadLettersPerMinute));
        Assert.Equal(
            new AlertSettings(
                rules, "/var/outbox", "/var/alerts.db",
                new DispatchSettings(
                    GroupBy.Auction, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), 20, TimeSpan.FromSeconds(90),
                    new QuietHours(new TimeOnly(22, 0), new TimeOnly(7, 30), TimeZoneInfo.Local))),
            settings.Alerts);
        Assert.Equal(
            new MailSettings("mail.example.com", 2525, "from@example.com", "pa#ss\"word", "to@example.com", MailTls.StartTls), settings.Mail);
        Assert.Equal(new RunSettings("/var/log", Quiet: true), settings.Run);
    }

    [Fact]
    public async Task Only_variables_that_begin_with_AUCTION_are_read()
    {
        var settings = await TestSettings.LoadAsync(environment: [("PATH", "/bin"), ("auction_threshold", "1"), ("THRESHOLD", "2")]);

        Assert.Equal(800m, settings.Alerts.Rules.Threshold);
    }

    [Fact]
    public async Task The_threshold_can_be_switched_off() =>
        Assert.Null((await TestSettings.LoadAsync("[alerts]\nthreshold = \"off\"")).Alerts.Rules.Threshold);

    [Fact]
    public async Task An_item_named_twice_counts_once() =>
        Assert.Equal(["art", "toys"], (await TestSettings.LoadAsync(flags: [("--items", "art, toys ,art")])).Items);

    [Fact]
    public async Task A_missing_file_is_an_error_if_it_was_named()
    {
        var e = await Assert.ThrowsAsync<SettingsException>(() => AuctionSettings.LoadAsync(
            new Dictionary<string, string>(), new Hashtable(), "no-such.toml", CancellationToken.None));

        Assert.StartsWith("The settings file no-such.toml can't be read: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_a_pipe_without_a_writer_can_be_cancelled()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var temp = new TempFolder();
        using var mkfifo = Process.Start("mkfifo", [temp["pipe"]]);
        await mkfifo.WaitForExitAsync();
        using var cancel = new CancellationTokenSource();
        var load = AuctionSettings.LoadAsync(new Dictionary<string, string>(), new Hashtable(), temp["pipe"], cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);

        // Lets the thread go that still waits for a writer.
        await using var writer = new FileStream(temp["pipe"], FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public async Task A_missing_default_file_is_no_error()
    {
        Assert.False(File.Exists(AuctionSettings.DefaultFile));

        var settings = await AuctionSettings.LoadAsync(new Dictionary<string, string>(), new Hashtable(), file: null, CancellationToken.None);

        Assert.Equal(800m, settings.Alerts.Rules.Threshold);
    }

    [Fact]
    public async Task A_byte_order_mark_and_Windows_line_ends_are_accepted() =>
        Assert.Equal(1m, (await TestSettings.LoadAsync("\ufeff[alerts]\r\nthreshold = 1\r\n")).Alerts.Rules.Threshold);

    [Theory]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'a', 0 }, 1, 1)] // UTF-16
    [InlineData(new byte[] { (byte)'#', (byte)' ', (byte)'Z', (byte)'o', 0xeb }, 1, 5)] // Latin-1
    [InlineData(new byte[] { (byte)'#', (byte)'\n', (byte)'#', 0xc3, 0xab, 0xc3, (byte)'\n' }, 2, 3)]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf, (byte)'#', 0xed, 0xa0, 0x80 }, 1, 2)] // half a surrogate pair
    public async Task A_file_that_is_not_UTF_8_is_an_error_with_its_place(byte[] bytes, int line, int column)
    {
        using var temp = new TempFolder();
        await File.WriteAllBytesAsync(temp["my.toml"], bytes);

        var e = await Assert.ThrowsAsync<SettingsException>(() => AuctionSettings.LoadAsync(
            new Dictionary<string, string>(), new Hashtable(), temp["my.toml"], CancellationToken.None));

        Assert.Equal($"{temp["my.toml"]}:{line}, column {column}: not TOML: this is not UTF-8. Save the file as UTF-8.", e.Message);
    }
}
