using System.Collections;
using System.Globalization;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using MimeKit;
using Xunit;

namespace AuctionTracker.Alerts.Tests.Mail;

public sealed class AlertEmailTests
{
    private static readonly DateTimeOffset Time = new DateTimeOffset(2024, 6, 12, 3, 57, 6, TimeSpan.Zero).AddMicroseconds(441_262);

    [Fact]
    public void The_texts_are_those_of_the_contract()
    {
        var mail = AlertFor("art");

        Assert.Equal("High Bid Alert: Art - $931.43", mail.Subject);
        Assert.Equal("A high bid of $931.43 was placed on art at 2024-06-12T03:57:06.441262+00:00.", mail.TextBody);
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

        var mail = new AlertEmail([Alert.ForBid("m-1", AlertKind.HighBid, bid, 800m)], "from@example.com", "to@example.com", Some.Time);

        Assert.Equal($"High Bid Alert: Electronics - {shown}", mail.Subject);
        Assert.StartsWith($"A high bid of {shown} was placed on electronics at ", mail.TextBody, StringComparison.Ordinal);
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
        Assert.Equal($"A high bid of $931.43 was placed on {shown} at 2024-06-12T03:57:06.441262+00:00.", mail.TextBody);
        Assert.StartsWith($"20240612T035706_{name}_931.43_", mail.FileName, StringComparison.Ordinal);
        Assert.DoesNotContain(string.Concat(mail.Lines), char.IsControl);
    }

    [Fact]
    public void The_longest_item_and_amount_make_a_file_name_that_is_valid_on_every_system()
    {
        var bid = Some.Bid(amount: 1_000_000_000_000m, item: new string('x', 256));

        var mail = new AlertEmail([Alert.ForBid("m-1", AlertKind.HighBid, bid, 800m)], "from@example.com", "to@example.com", Some.Time);

        Assert.Contains(new string('x', 256), mail.TextBody, StringComparison.Ordinal);
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
    public void The_key_is_32_hexadecimal_digits_for_any_message_id(string messageId) =>
        Assert.Matches("^[0-9a-f]{32}$", AlertFor("art", messageId).Key);

    [Theory]
    [InlineData("a@b")]
    [InlineData("first.last+alerts@mail.example.com")]
    [InlineData("!#$%&'*+-/=?^_`{|}~@example.com")]
    [InlineData("jürgen@example.com")]
    [InlineData("a@bücher.example")]
    [InlineData("用户@例子.广告")]
    [InlineData("a@-example-.com")]
    [InlineData("a@exa_mple.com")]
    [InlineData("a@127.0.0.1")]
    [InlineData("a@xn--bcher-kva.example")]
    [InlineData("a@xn--.example")]
    [InlineData("a@!.com")]
    [InlineData("a@{host}")]
    [InlineData("a\u0301@example.com")]
    public async Task Every_address_that_the_settings_allow_makes_a_mail(string address)
    {
        Assert.True(await IsAllowedAsync(address));

        using var message = new AlertEmail([Alert.ForBid("m-1", AlertKind.HighBid, Some.Bid(931.43m), 800m)], address, address, Some.Time).ToMessage();
        using var bytes = new MemoryStream();
        await message.WriteToAsync(bytes);
        bytes.Position = 0;
        using var read = await MimeMessage.LoadAsync(bytes);

        var expected = new MailboxAddress(null, address).GetAddress(idnEncode: false); // a reader decodes Punycode
        Assert.Equal(expected, Assert.IsType<MailboxAddress>(Assert.Single(read.From)).Address);
        Assert.Equal(expected, Assert.IsType<MailboxAddress>(Assert.Single(read.To)).Address);
    }

    [Fact]
    public Task An_address_of_a_thousand_characters_makes_a_mail() =>
        Every_address_that_the_settings_allow_makes_a_mail($"{new string('a', 500)}@{new string('b', 500)}.example");

    [Theory]
    [InlineData("a..b@c")]
    [InlineData(".a@c")]
    [InlineData("a.@c")]
    [InlineData("a@c.")]
    [InlineData("a@.c")]
    [InlineData("a@b@c")]
    [InlineData("\"a b\"@c")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("A <a@c>")]
    [InlineData("a@c, b@c")]
    [InlineData("a@c\n")]
    [InlineData("🦜@example.com")]
    [InlineData("a@exa\u00admple.com")]
    public async Task An_address_that_is_not_a_plain_one_is_refused_by_the_settings(string address) => Assert.False(await IsAllowedAsync(address));

    private static async Task<bool> IsAllowedAsync(string address)
    {
        var environment = new Hashtable
        {
            ["AUCTION_OUTGOING_EMAIL_HOST"] = "localhost",
            ["AUCTION_OUTGOING_EMAIL_ADDRESS"] = address,
            ["AUCTION_RECEIVER_EMAIL_ADDRESS"] = "to@example.com",
        };
        try
        {
            return (await AuctionSettings.LoadAsync(new Dictionary<string, string>(), environment, "", default)).Mail!.Address == address;
        }
        catch (SettingsException)
        {
            return false;
        }
    }

    private static AlertEmail AlertFor(string item, string messageId = "m-1") =>
        new AlertEmail([Alert.ForBid(messageId, AlertKind.HighBid, Some.Bid(amount: 931.43m, item: item, timestamp: Time), 800m)], "from@example.com", "to@example.com", Some.Time);
}
