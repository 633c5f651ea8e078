using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>TLS from the first byte, which this build does not speak.</summary>
public sealed class ImplicitTls
{
    [Theory]
    [InlineData("outgoing_email_port = 465", ".env.toml:4: outgoing_email_port is \"465\"")]
    [InlineData("[mail]\ntls = \"implicit\"", ".env.toml:5: mail.tls is \"implicit\"")]
    public async Task It_is_refused_when_the_settings_are_read_with_the_remedy(string setting, string mistake)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(
            folder[".env.toml"],
            $"""
            outgoing_email_host = "smtp.example.com"
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            {setting}
            """);

        var (exitCode, texts) = await ProgramUnderTest.RunAsync("Consumer.V4", folder, null);

        Assert.Equal(2, exitCode);
        Assert.Equal(
            $"{mistake}, TLS from the first byte, which this build does not speak: use the server's port 587, with STARTTLS, or build with -p:FullFeed=true.",
            Assert.Single(texts));
    }
}
