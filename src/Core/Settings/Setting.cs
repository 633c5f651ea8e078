using System.Globalization;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;

namespace AuctionTracker.Core.Settings;

/// <summary>A setting without its type: its names, and how to tell a mistake.</summary>
/// <param name="key">Its key in the settings file, as in <c>alerts.threshold</c>.</param>
/// <param name="flag">Its flag, as in <c>--threshold</c>, or <see langword="null"/> where it has none.</param>
/// <param name="help">What it means, with its unit.</param>
/// <param name="defaultText">Its default, as a person would write it; "" for none.</param>
/// <param name="allowed">What is allowed: completes "must be …".</param>
public abstract class Setting(string key, string? flag, string help, string defaultText, string allowed)
{
    /// <summary>Its key in the settings file: a table's name and a dot before it, unless it stands on top.</summary>
    public string Key => key;

    /// <summary>Its flag, or <see langword="null"/> where it has none.</summary>
    public string? Flag => flag;

    /// <summary>Its environment variable: <c>AUCTION_</c> and the flag's name, or the key's where there is no flag.</summary>
    public string EnvironmentVariable { get; } =
        "AUCTION_" + (flag?.TrimStart('-') ?? key).Replace('-', '_').Replace('.', '_').ToUpperInvariant();

    /// <summary>What it means, with its unit.</summary>
    public string Help => help;

    /// <summary>Its default, as a person would write it; "" for none.</summary>
    public string DefaultText => defaultText;

    /// <summary>What is allowed: completes "must be …".</summary>
    public string Allowed => allowed;

    /// <summary>Whether its value may be shown in no log, error or help.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether its flag stands alone, without a value.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Checks a value.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="place">Where it is written: the flag, the environment variable, or file, line and key.</param>
    /// <exception cref="SettingsException">It is not allowed.</exception>
    public abstract void Check(string text, string place);

    internal SettingsException Mistake(string text, string place) =>
        new($"{place} is {(IsSecret ? "wrong" : $"\"{text}\"")}: it must be {Allowed}.");
}

/// <summary>A setting: its names, its default, and how its text is read.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed class Setting<T> : Setting
{
    private readonly TryRead _read;
    private readonly T _default;

    /// <summary>Defines a setting.</summary>
    /// <param name="key">Its key in the settings file.</param>
    /// <param name="flag">Its flag, or <see langword="null"/>.</param>
    /// <param name="help">What it means, with its unit.</param>
    /// <param name="defaultText">Its default as a person would write it, or "" for <typeparamref name="T"/>'s default.</param>
    /// <param name="allowed">What is allowed: completes "must be …".</param>
    /// <param name="read">Reads a text; false where it is not allowed.</param>
    public Setting(string key, string? flag, string help, string defaultText, string allowed, TryRead read)
        : base(key, flag, help, defaultText, allowed)
    {
        _read = read;
        _default = defaultText.Length == 0 ? default! : Read(defaultText, $"the default of {key}");
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="value">The value, where the result is true.</param>
    public delegate bool TryRead(string text, out T value);

    /// <inheritdoc/>
    public override void Check(string text, string place) => Read(text, place);

    internal T From(SettingTexts texts) => texts.Find(this) is { } found ? Read(found.Text, found.Place) : _default;

    private T Read(string text, string place) => _read(text, out var value) ? value : throw Mistake(text, place);
}

/// <summary>Reads the texts of settings.</summary>
internal static class Read
{
    private const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    public static Setting<int?>.TryRead Whole(int min, int max) => (string text, out int? value) =>
    {
        var ok = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max;
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

    public static Setting<string?>.TryRead OneOf(params string[] choices) => (string text, out string? value) =>
        (value = choices.FirstOrDefault(c => c.Equals(text, StringComparison.OrdinalIgnoreCase))) is not null;

    public static bool Text(string text, out string? value) => (value = text).Length > 0 && !text.Any(char.IsControl);

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
            if (!Uri.TryCreate(part, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0 || uri.Segments.Length > 2)
            {
                value = [];
                return false;
            }

            uris.Add(uri);
        }

        value = uris;
        return uris.Count > 0;
    }
}
