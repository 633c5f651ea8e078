using AuctionTracker.Alerts.Mail;
using AuctionTracker.Support;
using MimeKit;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

public sealed class EmlFolderTests : IDisposable
{
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task An_alert_becomes_a_file_that_mail_programs_open()
    {
        var mail = AlertFor("art");

        var session = await SendAsync(mail);

        Assert.Equal([$"Wrote {Path.Combine(_temp["outbox"], mail.FileName)}."], session);
        Assert.Equal(
            [
                "From: from@example.com",
                "Date: Wed, 12 Jun 2024 03:56:06 +0000",
                "Subject: High Bid Alert: Art - $931.43",
                $"Message-Id: <{mail.Key}@auction-tracker>",
                "To: to@example.com",
                "Reply-To: from@example.com",
                "List-Id: Auction Tracker alerts <alerts.auction-tracker>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                $"Content-Type: multipart/alternative; boundary=alternative-{mail.Key}",
            ],
            Unfolded().Split("\r\n").Take(10));
        Assert.Contains(
            "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" +
            "A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.\r\n--",
            Text(), StringComparison.Ordinal);
        Assert.Equal(
            ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
            Lines().Where(l => l.StartsWith("Content-Type: ", StringComparison.Ordinal)).Select(l => l["Content-Type: ".Length..].Split(';')[0]));
        Assert.Contains("Content-Id: <prices@auction-tracker>", Lines());
        Assert.Contains("<img src=\"cid:prices@auction-tracker\"", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_beyond_ASCII_is_encoded_in_subject_and_body()
    {
        await SendAsync(AlertFor("Möbel 🦜"));

        Assert.All(Text(), c => Assert.True(char.IsAscii(c)));
        Assert.Contains("Content-Transfer-Encoding: quoted-printable", Lines());
        Assert.Equal("High Bid Alert: Möbel 🦜 - $931.43", Read().Subject);
        Assert.Equal("A high bid of $931.43 was placed on Möbel 🦜 at 2024-06-12T03:56:06.410536+00:00.", Read().TextBody);
    }

    [Fact]
    public async Task A_hostile_item_adds_no_header()
    {
        await SendAsync(AlertFor("art\r\nBcc: all@example.com\r\n\r\nhello"));

        Assert.Contains(
            "\r\nSubject: High Bid Alert: Art\\u000d\\u000aBcc: all@example.com\\u000d\\u000a\\u000d\\u000ahello - $931.43\r\n",
            Unfolded(),
            StringComparison.Ordinal);
        Assert.DoesNotContain(Lines(), l => l.TrimStart().StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_longest_item_is_written_in_full()
    {
        await SendAsync(AlertFor(new string('x', 256)));

        Assert.Equal($"High Bid Alert: X{new string('x', 255)} - $931.43", Read().Subject);
        Assert.All(Lines(), l => Assert.InRange(l.Length, 0, 998)); // no longer line may travel by SMTP
    }

    [Fact]
    public async Task The_same_alert_twice_is_one_file_and_another_alert_another()
    {
        await SendAsync(AlertFor("art"));
        await SendAsync(AlertFor("art"));
        Assert.Single(Directory.GetFileSystemEntries(_temp["outbox"]));

        await SendAsync(AlertFor("art", messageId: "m-2"));
        Assert.Equal(2, Directory.GetFileSystemEntries(_temp["outbox"]).Length);
    }

    [Fact]
    public async Task No_draft_is_left_beside_the_file()
    {
        var mail = AlertFor("art");

        await SendAsync(mail);

        Assert.Equal([Path.Combine(_temp["outbox"], mail.FileName)], Directory.GetFileSystemEntries(_temp["outbox"]));
    }

    [Fact]
    public async Task A_draft_left_by_a_crash_is_overwritten()
    {
        var mail = AlertFor("art");
        Directory.CreateDirectory(_temp["outbox"]);
        await File.WriteAllTextAsync(Path.Combine(_temp["outbox"], $".{mail.Key}.draft"), "From: fr" + new string('x', 100_000));

        await SendAsync(mail);

        Assert.Contains("\r\nA high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.\r\n", Text(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_temp["outbox"]));
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_a_mail_exception()
    {
        _temp.Write("outbox", "a file");
        var mail = AlertFor("art");

        var e = await Assert.ThrowsAsync<MailException>(() => SendAsync(mail));

        Assert.StartsWith($"The mail can't be written to {Path.Combine(_temp["outbox"], mail.FileName)}: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(MailFailure.Unreachable, e.Failure);
        Assert.IsAssignableFrom<IOException>(e.InnerException);
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_a_mail_exception()
    {
        var mail = AlertFor("art");
        Directory.CreateDirectory(Path.Combine(_temp["outbox"], mail.FileName));

        var e = await Assert.ThrowsAsync<MailException>(() => SendAsync(mail));

        Assert.StartsWith($"The mail can't be written to {Path.Combine(_temp["outbox"], mail.FileName)}: ", e.Message, StringComparison.Ordinal);
    }

    private static AlertEmail AlertFor(string item, string messageId = "m-1") =>
        new AlertEmail([Alert.ForBid(messageId, AlertKind.HighBid, Some.Bid(amount: 931.43m, item: item), 800m)], "from@example.com", "to@example.com", Some.Time);

    private Task<IReadOnlyList<string>> SendAsync(AlertEmail mail) =>
        new EmlFolder(_temp["outbox"]).SendAsync(mail, CancellationToken.None);

    /// <summary>The only file in the folder.</summary>
    private string Text() => File.ReadAllText(Assert.Single(Directory.GetFiles(_temp["outbox"])));

    /// <summary>The mail as MimeKit parses it.</summary>
    private MimeMessage Read() => MimeMessage.Load(Assert.Single(Directory.GetFiles(_temp["outbox"])));

    /// <summary>The mail with unfolded headers.</summary>
    private string Unfolded() => Text().Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal);

    private string[] Lines() => Text().Split("\r\n");
}
