using System.Globalization;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

public sealed class AlertEmailTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2024, 6, 12, 3, 57, 6, TimeSpan.Zero).AddMicroseconds(441_262);

    [Fact]
    public void The_texts_are_those_of_the_reference()
    {
        var mail = AlertFor("art");

        Assert.Equal("High Bid Alert: Art - $931.43", mail.Subject);
        Assert.Equal("A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.", mail.Body);
        Assert.Equal("20240612T035706_art_931.43_79cfb47b1c26.eml", mail.FileName);
        Assert.Equal(
            [
                "From: from@example.com",
                "To: to@example.com",
                "Reply-to: from@example.com",
                "Subject: High Bid Alert: Art - $931.43",
                "",
                "A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.",
            ],
            mail.Lines);
    }

    [Theory]
    [InlineData("10", "$10.00")]
    [InlineData("222.59000000000003", "$222.59")]
    [InlineData("1000000000000", "$1000000000000.00")]
    public void Money_has_two_decimals(string amount, string shown)
    {
        var bid = Some.Bid(amount: decimal.Parse(amount, CultureInfo.InvariantCulture));

        var mail = AlertEmail.For([Alert.Of("m-1", AlertKind.HighBid, bid, 800m)], "from@example.com", "to@example.com", Some.Time);

        Assert.Equal($"High Bid Alert: Electronics - {shown}", mail.Subject);
        Assert.StartsWith($"A high bid of {shown} was placed on electronics at ", mail.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("art\r\nBcc: all@example.com", @"art\u000d\u000aBcc: all@example.com", "art__bcc__all_example_com")]
    [InlineData("\e[2Jart", @"\u001b[2Jart", "__2jart")]
    [InlineData("\u200ftra", @"\u200ftra", "_tra")]
    [InlineData("art\u202e", @"art\u202e", "art_")]
    [InlineData("art\u2028x", @"art\u2028x", "art_x")]
    [InlineData("../../etc/passwd", "../../etc/passwd", "______etc_passwd")]
    [InlineData("éclairs", "éclairs", "_clairs")]
    public void A_hostile_item_breaks_neither_header_nor_line_nor_path(string item, string shown, string name)
    {
        var mail = AlertFor(item);

        Assert.Equal($"High Bid Alert: {char.ToUpperInvariant(shown[0])}{shown[1..]} - $931.43", mail.Subject);
        Assert.Equal($"A high bid of $931.43 was placed on {shown} at 2024-06-12T03:57:06.441262+00:00.", mail.Body);
        Assert.StartsWith($"20240612T035706_{name}_931.43_", mail.FileName, StringComparison.Ordinal);
        Assert.DoesNotContain(string.Concat(mail.Lines), char.IsControl);
    }

    [Fact]
    public void The_longest_item_and_amount_make_a_file_name_that_every_system_takes()
    {
        var bid = Some.Bid(amount: 1_000_000_000_000m, item: new string('x', 256));

        var mail = AlertEmail.For([Alert.Of("m-1", AlertKind.HighBid, bid, 800m)], "from@example.com", "to@example.com", Some.Time);

        Assert.Contains(new string('x', 256), mail.Body, StringComparison.Ordinal);
        Assert.InRange(mail.FileName.Length, 200, 255);
    }

    [Fact]
    public void The_same_message_has_the_same_key_and_file_and_another_message_another()
    {
        Assert.Equal((AlertFor("art").Key, AlertFor("art").FileName), (AlertFor("art").Key, AlertFor("art").FileName));
        Assert.NotEqual(AlertFor("art").Key, AlertFor("art", messageId: "m-2").Key);
        Assert.NotEqual(AlertFor("art").FileName, AlertFor("art", messageId: "m-2").FileName);
    }

    [Theory]
    [InlineData("m-1")]
    [InlineData("")]
    [InlineData("\r\nBcc: all@example.com")]
    [InlineData("../../../etc/passwd")]
    public void The_key_is_32_hexadecimal_digits_whatever_the_message_id_is(string messageId) =>
        Assert.Matches("^[0-9a-f]{32}$", AlertFor("art", messageId).Key);

    private static AlertEmail AlertFor(string item, string messageId = "m-1") =>
        AlertEmail.For([Alert.Of(messageId, AlertKind.HighBid, Some.Bid(amount: 931.43m, item: item, timestamp: Time), 800m)], "from@example.com", "to@example.com", Some.Time);
}
