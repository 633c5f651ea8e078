using AuctionTracker.Core.Alerts;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Alerts;

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
                "X-Sender: from@example.com",
                "X-Receiver: to@example.com",
                $"Message-ID: <{mail.Key}@auction-tracker>",
                "List-Id: Auction Tracker alerts <alerts.auction-tracker>",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "From: from@example.com",
                "To: to@example.com",
                "Reply-To: from@example.com",
                "Date: (now)",
                "Subject: High Bid Alert: Art - $931.43",
                "Content-Type: multipart/alternative;",
            ],
            Lines().Take(12));
        Assert.Contains(
            "\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n" +
            "A high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.\r\n--",
            Text(), StringComparison.Ordinal);
        Assert.Equal(
            ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"],
            Lines().Where(l => l.StartsWith("Content-Type: ", StringComparison.Ordinal)).Select(l => l["Content-Type: ".Length..].Split(';')[0]));
        Assert.Contains("Content-ID: <prices@auction-tracker>", Lines());
        Assert.Contains("<img src=\"cid:prices@auction-tracker\"", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_beyond_ASCII_is_encoded_in_subject_and_body()
    {
        await SendAsync(AlertFor("Möbel 🦜"));

        Assert.Contains(
            "Subject: =?utf-8?B?SGlnaCBCaWQgQWxlcnQ6IE3DtmJlbCDwn6acIC0gJDkzMS40?= =?utf-8?B?Mw==?=", Unfolded(), StringComparison.Ordinal);
        Assert.Contains("Content-Transfer-Encoding: quoted-printable", Lines());
        Assert.Contains(
            "\r\n\r\nA high bid of $931.43 was placed on M=C3=B6bel =F0=9F=A6=9C at 20=\r\n24-06-12T03:56:06.410536+00:00.\r\n--",
            Text(),
            StringComparison.Ordinal);
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
    public async Task The_longest_item_is_written_whole()
    {
        await SendAsync(AlertFor(new string('x', 256)));

        Assert.Contains($"\r\nSubject: High Bid Alert: X{new string('x', 255)} - $931.43\r\n", Unfolded(), StringComparison.Ordinal);
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
    public async Task Nothing_is_left_over_beside_the_file()
    {
        var mail = AlertFor("art");

        await SendAsync(mail);

        Assert.Equal([Path.Combine(_temp["outbox"], mail.FileName)], Directory.GetFileSystemEntries(_temp["outbox"]));
    }

    [Fact]
    public async Task Half_a_mail_that_a_crash_left_is_never_taken_for_the_mail()
    {
        var mail = AlertFor("art");
        var draft = Path.Combine(Directory.CreateDirectory(Path.Combine(_temp["outbox"], $".{mail.Key}")).FullName, "half.eml");
        await File.WriteAllTextAsync(draft, "X-Sender: fr");
        File.SetLastWriteTimeUtc(draft, new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // the clock was ahead

        await SendAsync(mail);

        Assert.Contains("\r\nA high bid of $931.43 was placed on art at 2024-06-12T03:56:06.410536+00:00.\r\n", Text(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_temp["outbox"]));
    }

    [Fact]
    public async Task A_file_in_the_folders_place_is_a_mail_exception()
    {
        _temp.Write("outbox", "a file");
        var mail = AlertFor("art");

        var e = await Assert.ThrowsAsync<MailException>(() => SendAsync(mail));

        Assert.StartsWith($"The alert can't be written to {Path.Combine(_temp["outbox"], mail.FileName)}: ", e.Message, StringComparison.Ordinal);
        Assert.Equal(MailFailure.Unreachable, e.Failure);
        Assert.IsAssignableFrom<IOException>(e.InnerException);
    }

    [Fact]
    public async Task A_folder_in_the_files_place_is_a_mail_exception()
    {
        var mail = AlertFor("art");
        Directory.CreateDirectory(Path.Combine(_temp["outbox"], mail.FileName));

        var e = await Assert.ThrowsAsync<MailException>(() => SendAsync(mail));

        Assert.StartsWith($"The alert can't be written to {Path.Combine(_temp["outbox"], mail.FileName)}: ", e.Message, StringComparison.Ordinal);
    }

    private static AlertEmail AlertFor(string item, string messageId = "m-1") =>
        AlertEmail.For([Alert.Of(messageId, AlertKind.HighBid, Some.Bid(amount: 931.43m, item: item), 800m)], "from@example.com", "to@example.com");

    private Task<IReadOnlyList<string>> SendAsync(AlertEmail mail) =>
        new EmlFolder(_temp["outbox"]).SendAsync(mail, CancellationToken.None);

    /// <summary>The one mail there is.</summary>
    private string Text() => File.ReadAllText(Assert.Single(Directory.GetFiles(_temp["outbox"])));

    /// <summary>Its headers in one line each, as mail programs read them.</summary>
    private string Unfolded() => Text().Replace("\r\n ", " ", StringComparison.Ordinal);

    /// <summary>Its lines; the date is when the test ran.</summary>
    private string[] Lines() =>
        [.. Text().Split("\r\n").Select(l => l.StartsWith("Date: ", StringComparison.Ordinal) ? "Date: (now)" : l)];
}
