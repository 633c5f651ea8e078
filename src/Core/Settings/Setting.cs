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

    internal T From(SettingSources texts) => texts.Find(this) is { } found ? Read(found.Text, found.Place) : _default;

    private T Read(string text, string place) => _read(text, out var value) ? value : throw Mistake(text, place);
}
