using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>Consumer v4 with mail settings, its own folder, and its own virtual host, in which a high bid on art waits.</summary>
internal sealed class MailingConsumer : IAsyncDisposable
{
    private readonly VirtualHost _host;

    private MailingConsumer(VirtualHost host) => (_host, Authority) = (host, new PrivateAuthority(Folder));

    public TempFolder Folder { get; } = new();

    public PrivateAuthority Authority { get; }

    public Uri Broker => _host.Uri;

    public static async Task<MailingConsumer> WithABidAsync()
    {
        var consumer = new MailingConsumer(await Rabbit.HostAsync());
        await consumer.BidAsync(931.43m);
        return consumer;
    }

    public Task BidAsync(decimal amount, string item = "art") =>
        PlainClient.SendAsync(Broker, $"auction_queue_{item}", BidJson.Write(Some.Bid(amount, item)));

    /// <summary>Reads one bid and ends, whether its mail is sent or not.</summary>
    /// <returns>Its log messages.</returns>
    public async Task<IReadOnlyList<string>> ConsumeAsync(int port, string password = "", bool trusted = true, string more = "")
    {
        await using var consumer = await StartAsync(port, password, trusted, more, "localhost", "--count", "1");
        Assert.Equal(0, await consumer.EndAsync());
        return consumer.Texts;
    }

    /// <summary>Runs one of the commands of consumer v4.</summary>
    /// <returns>Its log messages.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(int port, string command, string password = "")
    {
        await using var consumer = await StartAsync(port, password, command);
        Assert.Equal(0, await consumer.EndAsync());
        return consumer.Texts;
    }

    public Task<ProgramUnderTest> StartAsync(int port, string password = "", params string[] arguments) =>
        StartAsync(port, password, trusted: true, more: "", "localhost", arguments);

    public async Task<ProgramUnderTest> StartAsync(
        int port, string password, bool trusted, string more, string server, params string[] arguments)
    {
        await File.WriteAllTextAsync(
            Folder[".env.toml"],
            $"""
            outgoing_email_host = "{server}"
            outgoing_email_port = {port}
            outgoing_email_address = "seller@example.com"
            outgoing_email_password = {JsonSerializer.Serialize(password)}
            receiver_email_address = "boss@example.com"
            [mail]
            {more}
            """);
        var environment = new Dictionary<string, string?> { ["SSL_CERT_FILE"] = trusted ? Authority.Certificate : null };
        return ProgramUnderTest.Start("Consumer.V4", Folder, Broker, environment, arguments);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Folder.Dispose();
    }
}
