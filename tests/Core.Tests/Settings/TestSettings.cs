using System.Collections;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

/// <summary>Settings as a person writes them, loaded as a program does.</summary>
internal static class TestSettings
{
    public static async Task<AuctionSettings> LoadAsync(
        string file = "", (string Name, string Text)[]? environment = null, (string Name, string Text)[]? flags = null)
    {
        using var temp = new TempFolder();
        return await LoadFileAsync(temp.Write(".env.toml", file), environment, flags);
    }

    /// <summary>The message of the error; the file's name in it is without its folder.</summary>
    public static async Task<string> ErrorAsync(
        string file = "", (string Name, string Text)[]? environment = null, (string Name, string Text)[]? flags = null)
    {
        using var temp = new TempFolder();
        var path = temp.Write(".env.toml", file);
        var error = await Assert.ThrowsAsync<SettingsException>(() => LoadFileAsync(path, environment, flags));
        return error.Message.Replace(path, ".env.toml", StringComparison.Ordinal);
    }

    private static Task<AuctionSettings> LoadFileAsync(
        string path, (string Name, string Text)[]? environment, (string Name, string Text)[]? flags) =>
        AuctionSettings.LoadAsync(
            (flags ?? []).ToDictionary(f => f.Name, f => f.Text), new Hashtable((environment ?? []).ToDictionary(e => e.Name, e => e.Text)),
            path, CancellationToken.None);
}
