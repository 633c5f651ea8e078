using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class SettingErrorTests
{
    private const string Amount = "it must be an amount from 0 to 1000000000000, or off.";

    [Fact]
    public async Task An_error_in_a_flag_names_the_flag() =>
        Assert.Equal($"--threshold is \"much\": {Amount}", await TestSettings.ErrorAsync(flags: [("--threshold", "much")]));

    [Fact]
    public async Task An_error_in_the_environment_names_the_variable() =>
        Assert.Equal(
            $"AUCTION_THRESHOLD (environment) is \"-1\": {Amount}", await TestSettings.ErrorAsync(environment: [("AUCTION_THRESHOLD", "-1")]));

    [Fact]
    public async Task An_error_in_the_file_names_file_line_and_key() =>
        Assert.Equal(
            $".env.toml:4: alerts.threshold is \"1000000000000.01\": {Amount}",
            await TestSettings.ErrorAsync("# mine\n\n[alerts]\nthreshold = 1_000_000_000_000.01"));

    [Theory]
    [InlineData("art")]
    [InlineData("art=")]
    [InlineData("=500")]
    [InlineData("art=much")]
    [InlineData("art=-1")]
    [InlineData("art=1,ART=2")]
    [InlineData("art=1,")]
    public async Task Thresholds_of_items_are_pairs_with_each_item_once(string text) =>
        Assert.Equal(
            $"AUCTION_ALERTS_ITEM_THRESHOLDS (environment) is \"{text}\": it must be one or more such as art=500, separated by commas, with amounts from 0 to 1000000000000.",
            await TestSettings.ErrorAsync(environment: [("AUCTION_ALERTS_ITEM_THRESHOLDS", text)]));

    [Fact]
    public async Task A_setting_is_checked_even_if_no_program_uses_it() =>
        Assert.Equal(
            ".env.toml:2: consumer.attempts is \"0\": it must be a whole number from 1 to 100.", await TestSettings.ErrorAsync("[consumer]\nattempts = 0"));

    [Fact]
    public async Task An_overridden_text_is_not_checked() =>
        Assert.Equal(7m, (await TestSettings.LoadAsync("[alerts]\nthreshold = \"much\"", flags: [("--threshold", "7")])).Alerts.Rules.Threshold);

    [Fact]
    public async Task An_unknown_key_gets_a_suggestion() =>
        Assert.Equal(
            ".env.toml:2: alerts.treshold is not a setting. Did you mean alerts.threshold? See .env.toml.example.",
            await TestSettings.ErrorAsync("[alerts]\ntreshold = 900"));

    [Fact]
    public async Task An_unknown_key_that_is_far_from_all_others_gets_no_suggestion() =>
        Assert.Equal(
            ".env.toml:1: frobnicate is not a setting. See .env.toml.example.", await TestSettings.ErrorAsync("frobnicate = 1"));

    [Fact]
    public async Task A_key_in_the_wrong_table_is_an_error() =>
        Assert.Equal(
            ".env.toml:2: run.receiver_email_address is not a setting. See .env.toml.example.",
            await TestSettings.ErrorAsync("[run]\nreceiver_email_address = \"to@example.com\""));

    [Fact]
    public async Task An_unknown_variable_gets_a_suggestion() =>
        Assert.Equal(
            "AUCTION_TRESHOLD (environment) is not a setting. Did you mean AUCTION_THRESHOLD? See .env.toml.example.",
            await TestSettings.ErrorAsync(environment: [("AUCTION_TRESHOLD", "900")]));

    [Fact]
    public async Task An_error_in_TOML_names_file_line_and_column() =>
        Assert.Matches(@"^\.env\.toml:2, column [0-9]+: not TOML: ", await TestSettings.ErrorAsync("[alerts]\nthreshold = \"800"));

    [Theory]
    [InlineData("http://guest:s3cret@localhost/")]
    [InlineData("amqp://guest:s3cret@localhost/a/b")]
    [InlineData("amqp://guest:s3cret@localhost:port")]
    [InlineData("amqp://guest:s3cret@localhost,")]
    [InlineData("s3cret")]
    [InlineData("")]
    public async Task An_error_in_a_brokers_address_does_not_show_its_password(string text)
    {
        const string Allowed =
            "is wrong: it must be one or more addresses such as amqp://user:password@host:5672/vhost, separated by commas.";

        Assert.Equal($"--broker {Allowed}", await TestSettings.ErrorAsync(flags: [("--broker", text)]));
        Assert.Equal($"AUCTION_BROKER (environment) {Allowed}", await TestSettings.ErrorAsync(environment: [("AUCTION_BROKER", text)]));
        Assert.Equal($".env.toml:2: broker.uri {Allowed}", await TestSettings.ErrorAsync($"[broker]\nuri = \"{text}\""));
    }

    [Theory]
    [InlineData("AUCTION_BROKER_QUEUE_TYPE", "stream", "classic or quorum")]
    [InlineData("AUCTION_BROKER_HEARTBEAT", "2", "a whole number of seconds from 3 to 600")]
    [InlineData("AUCTION_BROKER_HEARTBEAT", "601", "a whole number of seconds from 3 to 600")]
    [InlineData("AUCTION_BROKER_CONFIRM_WINDOW", "0", "a whole number from 1 to 100000")]
    [InlineData("AUCTION_BROKER_CONFIRM_WINDOW", "100001", "a whole number from 1 to 100000")]
    [InlineData("AUCTION_BROKER_CONFIRM_DEADLINE", "never", "a number of seconds from 1 to 600")]
    [InlineData("AUCTION_ALERTS_GROUP_BY", "bidder", "bid, auction or item")]
    [InlineData("AUCTION_ALERTS_QUIET_HOURS", "22:00", "two times of day such as 22:00-07:00")]
    [InlineData("AUCTION_ALERTS_QUIET_HOURS", "25:00-07:00", "two times of day such as 22:00-07:00")]
    [InlineData("AUCTION_ALERTS_QUIET_HOURS", "07:00-07:00", "two times of day such as 22:00-07:00")]
    [InlineData("AUCTION_ITEMS", "", "one or more names, separated by commas, each with a letter or digit")]
    [InlineData("AUCTION_ITEMS", "art,,toys", "one or more names, separated by commas, each with a letter or digit")]
    [InlineData("AUCTION_ITEMS", "art,--", "one or more names, separated by commas, each with a letter or digit")]
    [InlineData("AUCTION_INTERVAL", "-0.1", "a number of seconds from 0 to 86400")]
    [InlineData("AUCTION_INTERVAL", "86400.1", "a number of seconds from 0 to 86400")]
    [InlineData("AUCTION_INTERVAL", "1,5", "a number of seconds from 0 to 86400")]
    [InlineData("AUCTION_BAD_RATE", "1.01", "a number from 0 to 1")]
    [InlineData("AUCTION_BAD_RATE", "NaN", "a number from 0 to 1")]
    [InlineData("AUCTION_SEED", "seven", "a whole number from -2147483648 to 2147483647")]
    [InlineData("AUCTION_SEED", "2147483648", "a whole number from -2147483648 to 2147483647")]
    [InlineData("AUCTION_MONITOR", "yes", "y or n")]
    [InlineData("AUCTION_PREFETCH", "0", "a whole number from 1 to 65535")]
    [InlineData("AUCTION_PREFETCH", "65536", "a whole number from 1 to 65535")]
    [InlineData("AUCTION_WINDOW", "0", "a whole number from 1 to 1000000")]
    [InlineData("AUCTION_WINDOW", "1000001", "a whole number from 1 to 1000000")]
    [InlineData("AUCTION_WINDOW", "5.0", "a whole number from 1 to 1000000")]
    [InlineData("AUCTION_WINDOW", " 5", "a whole number from 1 to 1000000")]
    [InlineData("AUCTION_IDLE_EXIT", "0", "a number of seconds from 0.1 to 86400")]
    [InlineData("AUCTION_ALERTS_OUTBOX", "", "a folder's name")]
    [InlineData("AUCTION_OUTGOING_EMAIL_HOST", "", "a host's name")]
    [InlineData("AUCTION_OUTGOING_EMAIL_PORT", "0", "a port from 1 to 65535")]
    [InlineData("AUCTION_OUTGOING_EMAIL_PORT", "65536", "a port from 1 to 65535")]
    [InlineData("AUCTION_OUTGOING_EMAIL_ADDRESS", "nobody", "one e-mail address")]
    [InlineData("AUCTION_RECEIVER_EMAIL_ADDRESS", "a@example.com, b@example.com", "one e-mail address")]
    [InlineData("AUCTION_RECEIVER_EMAIL_ADDRESS", "You <you@example.com>", "one e-mail address")]
    [InlineData("AUCTION_RECEIVER_EMAIL_ADDRESS", "you@example.com\r\nBcc: all@example.com", "one e-mail address")]
    [InlineData("AUCTION_MAIL_TLS", "ssl", "auto, starttls, implicit or none")]
    [InlineData("AUCTION_CONSUMER_ATTEMPTS", "101", "a whole number from 1 to 100")]
    [InlineData("AUCTION_COUNT", "0", "a whole number from 1 to 2147483647")]
    [InlineData("AUCTION_LOGS", "", "a folder's name")]
    [InlineData("AUCTION_QUIET", "1", "true or false")]
    public async Task A_wrong_value_is_an_error_that_says_what_is_allowed(string variable, string text, string allowed) =>
        Assert.Equal(
            $"{variable} (environment) is \"{text}\": it must be {allowed}.", await TestSettings.ErrorAsync(environment: [(variable, text)]));
}
