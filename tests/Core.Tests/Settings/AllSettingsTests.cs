using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class AllSettingsTests
{
    public static TheoryData<string> KeysWithDefault => [.. AllSettings.List.Where(s => s.DefaultText.Length > 0).Select(s => s.Key)];

    [Fact]
    public void The_five_keys_of_the_reference_have_no_table() =>
        Assert.Equal(
            [
                "outgoing_email_host", "outgoing_email_port", "outgoing_email_address", "outgoing_email_password",
                "receiver_email_address",
            ],
            AllSettings.List.Select(s => s.Key).Where(k => !k.Contains('.', StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(KeysWithDefault))]
    public void A_default_is_allowed(string key)
    {
        var setting = AllSettings.List.Single(s => s.Key == key);

        Assert.Null(Record.Exception(() => setting.Check(setting.DefaultText, "the default")));
    }

    [Fact]
    public void The_help_of_a_setting_is_a_sentence() =>
        Assert.All(AllSettings.List, s => Assert.EndsWith(".", s.Help, StringComparison.Ordinal));

    [Fact]
    public void No_two_settings_share_a_name()
    {
        Assert.Distinct(AllSettings.List.Select(s => s.Key));
        Assert.Distinct(AllSettings.List.Select(s => s.EnvironmentVariable));
        Assert.Distinct(AllSettings.List.Where(s => s.Flag is not null).Select(s => s.Flag));
    }

    [Fact]
    public void Every_setting_is_in_the_list()
    {
        var defined = new[] { typeof(AllSettings), typeof(SaleSettings) }.SelectMany(type => type.GetFields()).Select(f => f.GetValue(null)).OfType<Setting>();

        Assert.Equal(defined.Select(s => s.Key).Order(), AllSettings.List.Select(s => s.Key).Order());
    }

    [Theory]
    [InlineData("alerts.threshold", "AUCTION_THRESHOLD")]
    [InlineData("producer.bad_rate", "AUCTION_BAD_RATE")]
    [InlineData("broker.uri", "AUCTION_BROKER")]
    [InlineData("broker.queue_type", "AUCTION_BROKER_QUEUE_TYPE")]
    [InlineData("outgoing_email_host", "AUCTION_OUTGOING_EMAIL_HOST")]
    public void The_variable_is_named_after_the_flag_or_else_the_key(string key, string variable) =>
        Assert.Equal(variable, AllSettings.List.Single(s => s.Key == key).EnvironmentVariable);

    [Fact]
    public void Settings_that_hold_a_password_are_secret() =>
        Assert.Equal(["outgoing_email_password", "broker.uri", "recorder.to", "auctioneer.database", "settlement.database", "dashboard.password"], AllSettings.List.Where(s => s.IsSecret).Select(s => s.Key));
}
