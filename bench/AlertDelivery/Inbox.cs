using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.AlertDelivery;

/// <summary>The mails that a mail server has received.</summary>
internal sealed partial class Inbox(MailServer server)
{
    private readonly Dictionary<string, int> _timesById = [];

    /// <summary>Number of mails with different <c>Message-ID</c>s.</summary>
    public int DistinctMails => _timesById.Count;

    /// <summary>Number of mails whose <c>Message-ID</c> had arrived before.</summary>
    public int Duplicates => _timesById.Values.Sum(times => times - 1);

    /// <summary>Waits for the next mail.</summary>
    /// <returns>The timestamp of its bid.</returns>
    public async Task<DateTimeOffset> NextAsync()
    {
        while (true)
        {
            var serverEvent = await server.NextAsync();
            if (serverEvent.GetProperty("event").GetString() == "mail")
            {
                var data = serverEvent.GetProperty("data").GetString()!;
                var id = MessageId().Match(data).Value;
                _timesById[id] = _timesById.GetValueOrDefault(id) + 1;
                return DateTimeOffset.Parse(BidTime().Match(data).Value, CultureInfo.InvariantCulture);
            }
        }
    }

    /// <summary>Waits until this many different mails have arrived.</summary>
    public async Task WaitForAsync(int distinctMails)
    {
        while (DistinctMails < distinctMails)
        {
            await NextAsync();
        }
    }

    [GeneratedRegex("(?<=^Message-ID: )<[^>]*>", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();

    [GeneratedRegex("(?<= at )[0-9-]+T[0-9:.]+[+]00:00")]
    private static partial Regex BidTime();
}
