using System.Text.RegularExpressions;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>What a mail server took.</summary>
/// <param name="server">The server.</param>
internal sealed partial class Inbox(MailServer server)
{
    private readonly Dictionary<string, int> _mails = [];

    /// <summary>How many different mails came.</summary>
    public int Different => _mails.Count;

    /// <summary>How many came beyond the first of each.</summary>
    public int Doubles => _mails.Values.Sum(times => times - 1);

    /// <summary>Waits for the next mail.</summary>
    /// <returns>When its bid was made.</returns>
    public async Task<DateTimeOffset> NextAsync()
    {
        while (true)
        {
            var said = await server.NextAsync();
            if (said.GetProperty("event").GetString() == "mail")
            {
                var data = said.GetProperty("data").GetString()!;
                var id = MessageId().Match(data).Value;
                _mails[id] = _mails.GetValueOrDefault(id) + 1;
                return DateTimeOffset.Parse(BidTime().Match(data).Value, System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }

    [GeneratedRegex("(?<=^Message-ID: )<[^>]*>", RegexOptions.Multiline)]
    private static partial Regex MessageId();

    [GeneratedRegex("(?<= at )[0-9-]+T[0-9:.]+[+]00:00")]
    private static partial Regex BidTime();
}
