using System.Text.RegularExpressions;
using AuctionTracker.Core.Bids;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>Bids with control characters, SMTP commands and HTML in their names, sent to a mail server.</summary>
public sealed partial class HostileBidTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hostile_names_add_no_header_recipient_or_tag()
    {
        string[] names =
        [
            "harmless",
            "art\r\nBcc: all@example.com\r\n\r\nhello",
            "art\r\n.\r\nMAIL FROM:<evil@example.com>\r\n",
            "<script>alert(1)</script>\"><img src=x onerror=alert(1)>",
            "\u202egnp.exe\u200f",
            new string('é', 256),
        ];
        await using var server = await MailServer.StartAsync();
        await File.WriteAllTextAsync(
            _folder[".env.toml"],
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {server.Port}
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            """);
        foreach (var name in names)
        {
            var bid = Some.Bid(931.43m, name, bidderName: name, bidderEmail: name, auctionId: name);
            await PlainClient.SendAsync(_host.Uri, "auction_queue_default", BidJson.Write(bid));
        }

        await PlainClient.SendAsync(_host.Uri, "auction_queue_default", BidJson.Write(Some.Bid(931.43m, bidderName: new string('x', 10_000))));

        await using var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, "--count", $"{names.Length + 1}");
        Assert.Equal(0, await consumer.EndAsync());

        var mails = new List<(string Headers, string Tags)>();
        foreach (var _ in names)
        {
            var mail = await server.NextAsync();
            Assert.Equal("boss@example.com", Assert.Single(mail.GetProperty("recipients").EnumerateArray()).GetString());
            var data = mail.GetProperty("data").GetString()!;
            Assert.All(data.Split("\r\n"), line => Assert.InRange(line.Length, 0, 998));
            var page = data.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
            mails.Add((
                string.Join(' ', HeaderName().Matches(data[..data.IndexOf("\r\n\r\n", StringComparison.Ordinal)]).Select(m => m.Value)),
                string.Concat(Tag().Matches(page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</body>", StringComparison.Ordinal)]))));
        }

        Assert.Equal(names.Length, mails.Count);
        Assert.Single(mails.Distinct());
        Assert.Contains("Dead-lettered a message from auction_queue_default: bidder_name is longer than 256 characters", consumer.Texts);
        Assert.Equal("Counts: received 7, handled 6, dead-lettered 1, unacked 0, waiting before 0, alerts 6, mailed 6, refused 0, waiting 0, mails 6", consumer.Texts[^1]);
        Assert.All(consumer.Lines, line => Assert.DoesNotContain(line, char.IsControl));
    }

    [GeneratedRegex("^[A-Za-z-]+(?=: )", RegexOptions.Multiline)]
    private static partial Regex HeaderName();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
