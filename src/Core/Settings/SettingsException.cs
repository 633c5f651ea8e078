namespace AuctionTracker.Core.Settings;

/// <summary>
/// A setting is wrong. The message names its place (flag, environment variable, or file, line and key), its value unless it is a
/// secret, and what is allowed.
/// </summary>
/// <param name="message">What is wrong, and what is allowed.</param>
public sealed class SettingsException(string message) : Exception(message);
