namespace AuctionTracker.Core.Settings;

/// <summary>A setting without the type of its value: its names, its help and its check.</summary>
/// <param name="key">Its key in the settings file, as in <c>alerts.threshold</c>.</param>
/// <param name="flag">Its flag, as in <c>--threshold</c>, or <see langword="null"/> where it has none.</param>
/// <param name="help">What it means, with its unit.</param>
/// <param name="defaultText">Its default as text; "" for none.</param>
/// <param name="allowed">What is allowed: completes "must be …".</param>
public abstract class Setting(string key, string? flag, string help, string defaultText, string allowed)
{
    /// <summary>Its key in the settings file, with the name of its table; the five mail keys have no table.</summary>
    public string Key => key;

    /// <summary>Its flag, or <see langword="null"/> if it has none.</summary>
    public string? Flag => flag;

    /// <summary>Its environment variable: <c>AUCTION_</c> and the name of the flag, or of the key if there is no flag.</summary>
    public string EnvironmentVariable { get; } =
        "AUCTION_" + (flag?.TrimStart('-') ?? key).Replace('-', '_').Replace('.', '_').ToUpperInvariant();

    /// <summary>What it means, with its unit.</summary>
    public string Help => help;

    /// <summary>Its default as text; "" for none.</summary>
    public string DefaultText => defaultText;

    /// <summary>What is allowed: completes "must be …".</summary>
    public string Allowed => allowed;

    /// <summary>A value for the documentation of a setting that has no default.</summary>
    public string Example { get; init; } = "";

    /// <summary>Whether logs, errors and help must not show its value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether its flag stands alone, without a value.</summary>
    public bool IsSwitch { get; init; }

    /// <summary>Checks a value.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="place">Its place for the error: the flag, the environment variable, or file, line and key.</param>
    /// <exception cref="SettingsException">The value is not allowed.</exception>
    public abstract void Check(string text, string place);

    /// <summary>Whether its flag may be given several times; the values are joined with commas.</summary>
    public bool IsRepeatable { get; init; }

    internal SettingsException Invalid(string text, string place) =>
        new($"{place} is {(IsSecret ? "wrong" : $"\"{text}\"")}: it must be {Allowed}.");
}

/// <summary>A setting: its names, its default and the parser of its text.</summary>
/// <typeparam name="T">The type of its value.</typeparam>
public sealed class Setting<T> : Setting
{
    private readonly TryRead _read;
    private readonly T _default;

    /// <summary>Defines a setting.</summary>
    /// <param name="key">Its key in the settings file.</param>
    /// <param name="flag">Its flag, or <see langword="null"/>.</param>
    /// <param name="help">What it means, with its unit.</param>
    /// <param name="defaultText">Its default as text, or "" for <typeparamref name="T"/>'s default.</param>
    /// <param name="allowed">What is allowed: completes "must be …".</param>
    /// <param name="read">Parses a text; false if it is not allowed.</param>
    public Setting(string key, string? flag, string help, string defaultText, string allowed, TryRead read)
        : base(key, flag, help, defaultText, allowed)
    {
        _read = read;
        _default = defaultText.Length == 0 ? default! : Read(defaultText, $"the default of {key}");
    }

    /// <summary>Parses a text.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="value">The value, where the result is true.</param>
    public delegate bool TryRead(string text, out T value);

    /// <inheritdoc/>
    public override void Check(string text, string place) => Read(text, place);

    internal T From(SettingSources sources) => sources.Find(this) is { } found ? Read(found.Text, found.Place) : _default;

    private T Read(string text, string place) => _read(text, out var value) ? value : throw Invalid(text, place);
}
