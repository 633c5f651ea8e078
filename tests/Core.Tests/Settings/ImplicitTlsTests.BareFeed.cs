using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class ImplicitTlsTests
{
    private const string Mail = "outgoing_email_host = 'h'\noutgoing_email_address = 'a@b'\nreceiver_email_address = 'c@d'\n";

    private const string Remedy =
        ", TLS from the first byte, which this build does not speak: use the server's port 587, with STARTTLS, or build with -p:FullFeed=true.";

    [Theory]
    [InlineData("")]
    [InlineData("[mail]\ntls = 'starttls'")]
    public async Task Port_465_is_a_mistake_with_the_remedy(string tls) =>
        Assert.Equal(".env.toml:1: outgoing_email_port is \"465\"" + Remedy, await Written.MistakeAsync($"outgoing_email_port = 465\n{Mail}{tls}"));

    [Theory]
    [InlineData(465)]
    [InlineData(587)]
    public async Task Implicit_tls_is_a_mistake_with_the_remedy(int port) =>
        Assert.Equal(".env.toml:6: mail.tls is \"implicit\"" + Remedy, await Written.MistakeAsync($"outgoing_email_port = {port}\n{Mail}[mail]\ntls = 'implicit'"));
}
