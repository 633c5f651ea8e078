using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class ImplicitTlsTests
{
    private const string Mail = "outgoing_email_host = 'h'\noutgoing_email_address = 'a@b'\nreceiver_email_address = 'c@d'\n";

    [Theory]
    [InlineData(465, "auto", MailTls.Implicit)]
    [InlineData(465, "implicit", MailTls.Implicit)]
    [InlineData(8465, "implicit", MailTls.Implicit)]
    [InlineData(465, "starttls", MailTls.StartTls)]
    [InlineData(587, "auto", MailTls.Auto)]
    public async Task Port_465_means_implicit_unless_something_else_is_written(int port, string tls, MailTls expected) =>
        Assert.Equal(expected, (await TestSettings.LoadAsync($"outgoing_email_port = {port}\n{Mail}[mail]\ntls = '{tls}'")).Mail!.Tls);
}
