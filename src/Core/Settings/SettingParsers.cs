using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Settings;

/// <summary>Parsers for the text of a setting. Each returns false if the text is not allowed.</summary>
internal static partial class SettingParsers
{
    private const string Atom = @"[^\s\p{C}@<>()\[\],;:"".\\]+";
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public static Setting<int?>.TryRead Whole(int min, int max) => (string text, out int? value) =>
    {
        var ok = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) &&
            number >= min && number <= max;
        value = number;
        return ok;
    };

    public static Setting<decimal>.TryRead Number(decimal min, decimal max) => (string text, out decimal value) =>
        decimal.TryParse(text, Plain | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) &&
        value >= min && value <= max;

    public static Setting<decimal?>.TryRead Amount(decimal min, decimal max) => (string text, out decimal? value) =>
    {
        var ok = Number(min, max)(text, out var number);
        value = number;
        return ok;
    };

    public static Setting<decimal?>.TryRead OrOff(Setting<decimal?>.TryRead read) => (string text, out decimal? value) =>
    {
        value = null;
        return text.Equals("off", StringComparison.OrdinalIgnoreCase) || read(text, out value);
    };

    public static bool AmountsByItem(string text, out IReadOnlyDictionary<string, decimal>? value)
    {
        var amounts = new Dictionary<string, decimal>();
        value = amounts;
        return text.Split(',').All(pair =>
            pair.Split('=', StringSplitOptions.TrimEntries) is [var item, var amount] && Items(item, out _) &&
            Number(0, BidJson.MaxAmount)(amount, out var threshold) && amounts.TryAdd(AuctionTopology.NameOf(item), threshold));
    }

    public static bool CountsByItem(string text, out IReadOnlyDictionary<string, decimal>? value) =>
        AmountsByItem(text, out value) && value!.Values.All(count => count == decimal.Truncate(count) && count <= 1_000_000);

    public static Setting<TimeSpan?>.TryRead Seconds(decimal min, decimal max) => (string text, out TimeSpan? value) =>
    {
        var ok = Number(min, max)(text, out var seconds);
        value = ok ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
        return ok;
    };

    public static bool HoursOfDay(string text, out (TimeOnly From, TimeOnly To)? value)
    {
        value = text.Split('-') is [var from, var to] && TimeOfDay(from, out var first) && TimeOfDay(to, out var last) && first != last
            ? (first, last)
            : null;
        return value is not null;

        static bool TimeOfDay(string text, out TimeOnly time) =>
            TimeOnly.TryParseExact(text.Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }

    public static Setting<TimeSpan?>.TryRead Span(TimeSpan min, TimeSpan max) => (string text, out TimeSpan? value) =>
        (value = Duration.Parse(text)) >= min && value <= max;

    public static bool IPAddress(string text, out string? value) => System.Net.IPAddress.TryParse(value = text, out _);

    public static Setting<string?>.TryRead OneOf(params string[] choices) => (string text, out string? value) =>
        (value = choices.FirstOrDefault(c => c.Equals(text, StringComparison.OrdinalIgnoreCase))) is not null;

    public static bool Text(string text, out string? value) => (value = text).Length > 0 && !text.Any(char.IsControl);

    /// <summary>One address without a display name, quotes or blanks; dots only between other characters.</summary>
    public static bool EmailAddress(string text, out string? value) => EmailAddress().IsMatch(value = text);

    public static bool Secret(string text, out string? value) => (value = text) is not null;

    public static bool Items(string text, out IReadOnlyList<string> value)
    {
        value = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct()];
        return value.All(item => item.Length is > 0 and <= 256 && item.Any(char.IsLetterOrDigit) && !item.Any(char.IsControl));
    }

    public static bool BrokerUris(string text, out IReadOnlyList<Uri> value)
    {
        var uris = new List<Uri>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Uri.TryCreate(part, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") ||
                uri.Host.Length == 0 || uri.Segments.Length > 2)
            {
                value = [];
                return false;
            }

            uris.Add(uri);
        }

        value = uris;
        return uris.Count > 0;
    }

    public static bool WebAddress(string text, out Uri? value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && (value.Scheme is "http" or "https") && value.Host.Length > 0;

    public static bool Sinks(string text, out IReadOnlyList<SinkAddress> value)
    {
        value = [.. text.Split(',', StringSplitOptions.TrimEntries).Select(SinkAddress.Parse).OfType<SinkAddress>().DistinctBy(sink => sink.Name)];
        return value.Count == text.Split(',').Length;
    }

    public static bool Database(string text, out string? value) =>
        SinkAddress.Parse(value = text) is { Kind: SinkKind.Sqlite or SinkKind.Postgres };

    [GeneratedRegex($@"^{Atom}(\.{Atom})*@{Atom}(\.{Atom})*\z")]
    private static partial Regex EmailAddress();
}
