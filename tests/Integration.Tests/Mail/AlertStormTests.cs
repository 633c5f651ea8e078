using System.Text.RegularExpressions;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;
using Xunit;
using Xunit.Abstractions;

namespace AuctionTracker.Integration.Tests.Mail;

/// <summary>The 484 high bids of the public eBay data, all at once.</summary>
public sealed partial class AlertStormTests(ITestOutputHelper output) : IAsyncLifetime, IDisposable
{
    private const int Alerts = 484;
    private const string Items = "Palm Pilot M515 PDA,Xbox game console,Cartier wristwatch";
    private const string Auctions = "52";

    private readonly TempFolder _folder = new();
    private VirtualHost _host = null!;

    public async Task InitializeAsync() => _host = await Rabbit.HostAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [RealBidsFact]
    public async Task Grouped_by_auction_each_auction_has_one_mail() =>
        Assert.Equal($"alerts {Alerts}, mailed {Alerts}, refused 0, waiting 0, mails {Auctions}", await MailAsync("group_by = \"auction\"\ngroup_wait = 8"));

    [RealBidsFact]
    public async Task Beyond_the_hourly_limit_the_alerts_are_one_digest() =>
        Assert.Equal($"alerts {Alerts}, mailed {Alerts}, refused 0, waiting 0, mails 21", await MailAsync("mails_per_hour = 20\ndigest_interval = 8"));

    [RealBidsFact]
    public async Task After_kill_9_at_random_moments_each_alert_arrives_and_each_kill_duplicates_at_most_one()
    {
        const int Kills = 5;
        await using var server = await MailServer.StartAsync();
        await WriteSettingsAsync($"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {server.Port}
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            """);
        await ReplayAsync();
        var random = new Random(4);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var killed = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, "--items", Items);
            await killed.LineAsync("Starting consumer.");
            for (var mails = random.Next(20); mails > 0; mails--)
            {
                await killed.LineAsync("Message sent."); // the kill hits between sending and marking, or soon after
            }

            killed.Kill();
            await killed.EndAsync();
        }

        await using var last = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, "--items", Items, "--idle-exit", "2");
        Assert.Equal(0, await last.EndAsync());
        Assert.EndsWith("refused 0, waiting 0", Regex.Match(last.Texts[^1], "refused.*waiting [0-9]+").Value, StringComparison.Ordinal);
        var arrived = new List<string>();
        while (arrived.Distinct().Count() < Alerts)
        {
            arrived.Add(MessageId().Match((await server.NextAsync()).GetProperty("data").GetString()!).Value);
        }

        output.WriteLine($"{arrived.Count} mails for {Alerts} alerts after {Kills} kills.");
        Assert.InRange(arrived.Count - Alerts, 0, Kills);
    }

    /// <summary>Reads all bids, and waits until all alerts are in mails.</summary>
    /// <returns>The alerts' counts.</returns>
    private async Task<string> MailAsync(string alerts)
    {
        await WriteSettingsAsync($"[alerts]\n{alerts}");
        await ReplayAsync();
        await using var consumer = ProgramUnderTest.Start("Consumer.V4", _folder, _host.Uri, "--items", Items, "--quiet");
        var alertsIn = new Dictionary<string, int>();
        await Eventually.TrueAsync("all alerts are mailed", () =>
        {
            var mails = Directory.Exists(_folder["outbox"]) ? Directory.GetFiles(_folder["outbox"], "*.eml") : [];
            Array.ForEach(mails, mail => alertsIn.TryAdd(mail, alertsIn.ContainsKey(mail) ? 0 : AlertsIn(mail)));
            return alertsIn.Values.Sum() == Alerts;
        });
        consumer.Interrupt();
        Assert.Equal(0, await consumer.EndAsync());
        return Regex.Match(consumer.Texts[^1], "alerts .*").Value;
    }

    /// <summary>The number of bids in the mail's text.</summary>
    private static int AlertsIn(string file) => Amount().Count(File.ReadAllText(file).Split("Content-Type: text/plain")[1].Split("\r\n--")[0]);

    private async Task ReplayAsync()
    {
        var (exitCode, _) = await ProgramUnderTest.RunAsync("Replay", _folder, _host.Uri, RealBidsFactAttribute.File!, "--speed", "0", "--quiet");
        Assert.Equal(0, exitCode);
    }

    private Task WriteSettingsAsync(string text) => File.WriteAllTextAsync(_folder[".env.toml"], text);

    [GeneratedRegex(@"\$[0-9]+\.[0-9]{2} ")]
    private static partial Regex Amount();

    [GeneratedRegex("(?<=Message-Id: )<.*>")]
    private static partial Regex MessageId();
}
