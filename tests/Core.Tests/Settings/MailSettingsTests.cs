using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class MailSettingsTests
{
    private const string Complete =
        """
        outgoing_email_host = "smtp.gmail.com"
        outgoing_email_address = "from@gmail.com"
        receiver_email_address = "to@gmail.com"
        """;

    [Fact]
    public async Task Host_sender_and_receiver_are_enough() =>
        Assert.Equal(
            new MailSettings("smtp.gmail.com", 587, "from@gmail.com", Password: null, "to@gmail.com", MailTls.Auto),
            (await TestSettings.LoadAsync(Complete)).Mail);

    [Fact]
    public async Task An_empty_password_means_no_login() =>
        Assert.Null((await TestSettings.LoadAsync(Complete + "\noutgoing_email_password = \"\"")).Mail!.Password);

    [Theory]
    [InlineData("outgoing_email_host", "outgoing_email_address is set, but outgoing_email_host is not.")]
    [InlineData("outgoing_email_address", "outgoing_email_host is set, but outgoing_email_address is not.")]
    [InlineData("receiver_email_address", "outgoing_email_host is set, but receiver_email_address is not.")]
    public async Task Incomplete_mail_settings_are_an_error(string missing, string message)
    {
        var file = string.Join('\n', Complete.Split('\n').Where(line => !line.StartsWith(missing, StringComparison.Ordinal)));

        Assert.Equal(
            message + " To mail alerts, set all of outgoing_email_host, outgoing_email_address, receiver_email_address; " +
            "to write them to files, set none.",
            await TestSettings.ErrorAsync(file));
    }

    [Fact]
    public async Task A_password_alone_is_an_error_that_does_not_show_it() =>
        Assert.Equal(
            "outgoing_email_password is set, but outgoing_email_host is not. To mail alerts, set all of outgoing_email_host, " +
            "outgoing_email_address, receiver_email_address; to write them to files, set none.",
            await TestSettings.ErrorAsync(environment: [("AUCTION_OUTGOING_EMAIL_PASSWORD", "secret")]));

    [Fact]
    public async Task A_port_alone_sets_no_mail_up() =>
        Assert.Null((await TestSettings.LoadAsync("outgoing_email_port = 25")).Mail);

    [Theory]
    [InlineData("auto", MailTls.Auto)]
    [InlineData("STARTTLS", MailTls.StartTls)]
    [InlineData("none", MailTls.None)]
    public async Task Tls_is_read(string text, MailTls tls) =>
        Assert.Equal(tls, (await TestSettings.LoadAsync($"{Complete}\n[mail]\ntls = \"{text}\"")).Mail!.Tls);

    [Theory]
    [InlineData(465, "auto", MailTls.Implicit)]
    [InlineData(465, "implicit", MailTls.Implicit)]
    [InlineData(8465, "implicit", MailTls.Implicit)]
    [InlineData(465, "starttls", MailTls.StartTls)]
    [InlineData(587, "auto", MailTls.Auto)]
    public async Task Port_465_means_implicit_TLS_unless_tls_says_otherwise(int port, string tls, MailTls expected) =>
        Assert.Equal(
            expected, (await TestSettings.LoadAsync($"outgoing_email_port = {port}\n{Complete}\n[mail]\ntls = '{tls}'")).Mail!.Tls);

    [Fact]
    public async Task The_password_is_not_shown()
    {
        var mail = (await TestSettings.LoadAsync(Complete + "\noutgoing_email_password = \"secret\"")).Mail!;

        Assert.Equal("secret", mail.Password);
        Assert.Equal("from@gmail.com by way of smtp.gmail.com:587 to to@gmail.com", mail.ToString());
    }
}
