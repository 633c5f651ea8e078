using System.Text.Json;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>TLS from the first byte, as on port 465.</summary>
public sealed class ImplicitTlsTests : IDisposable
{
    private const string Password = "correct horse";
    private readonly TempFolder _folder = new();
    private readonly PrivateAuthority _authority;

    public ImplicitTlsTests() => _authority = new PrivateAuthority(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_mail_goes_out_after_a_login()
    {
        await using var server = await StartServerAsync("--implicit");

        var (exitCode, texts) = await TestMailAsync(server.Port, trusted: true);
        var mail = await server.NextAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(
            [
                $"SMTP server reached: localhost:{server.Port}.", "TLS started. Will attempt to login.",
                "Successfully logged in as seller@example.com.", "Message sent.",
            ],
            texts.SkipWhile(t => !t.StartsWith("SMTP server", StringComparison.Ordinal)).Take(4));
        Assert.True(mail.GetProperty("tls").GetBoolean());
        Assert.Equal("seller@example.com", mail.GetProperty("login").GetString());
    }

    [Fact]
    public async Task An_untrusted_certificate_is_reported_with_the_remedy()
    {
        await using var server = await StartServerAsync("--implicit");

        var (exitCode, texts) = await TestMailAsync(server.Port, trusted: false);

        Assert.Equal(1, exitCode);
        Assert.Contains(texts, t => t.StartsWith($"Mail test, TLS: The certificate of localhost:{server.Port} is not trusted: ", StringComparison.Ordinal) &&
            t.EndsWith(" Set the environment variable SSL_CERT_FILE to the certificate of its authority.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_implicit_TLS_is_reported_with_the_settings_to_check()
    {
        await using var server = await StartServerAsync();

        var (exitCode, texts) = await TestMailAsync(server.Port, trusted: true);

        Assert.Equal(1, exitCode);
        Assert.Contains(texts, t => t.StartsWith($"Mail test, TLS: The TLS handshake with localhost:{server.Port} failed: ", StringComparison.Ordinal) &&
            t.EndsWith(" Check outgoing_email_port and [mail] tls.", StringComparison.Ordinal));
    }

    private Task<MailServer> StartServerAsync(params string[] more) => MailServer.StartAsync(
    [
        "--certificate", _authority.ServerCertificate, "--key", _authority.ServerKey, "--user", "seller@example.com", "--password", Password, .. more,
    ]);

    private async Task<(int ExitCode, IReadOnlyList<string> Texts)> TestMailAsync(int port, bool trusted)
    {
        await File.WriteAllTextAsync(
            _folder[".env.toml"],
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {port}
            outgoing_email_address = "seller@example.com"
            outgoing_email_password = {JsonSerializer.Serialize(Password)}
            receiver_email_address = "boss@example.com"
            [mail]
            tls = "implicit"
            """);
        var environment = new Dictionary<string, string?> { ["SSL_CERT_FILE"] = trusted ? _authority.Certificate : null };
        await using var test = ProgramUnderTest.Start("Consumer.V4", _folder, null, environment, "--mail-test");
        return (await test.EndAsync(), test.Texts);
    }
}
