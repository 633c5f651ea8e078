namespace AuctionTracker.Core.Settings;

/// <summary>A value of a settings file.</summary>
/// <param name="Text">The value as text; the entries of an array are joined with commas.</param>
/// <param name="Place">File and line, as in <c>.env.toml:12</c>.</param>
internal readonly record struct TomlValue(string Text, string Place);
