using System.Runtime.Versioning;

namespace AuctionTracker.Support;

/// <summary>A new empty folder. Dispose deletes it and its contents.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("auction-").FullName;

    /// <summary>The full path of a file or folder in this folder. It need not exist.</summary>
    /// <param name="name">The name of the file or folder.</param>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Writes an executable shell script.</summary>
    /// <returns>Its full path.</returns>
    [UnsupportedOSPlatform("windows")]
    public async Task<string> ScriptAsync(string name, string commands)
    {
        await File.WriteAllTextAsync(this[name], $"#!/bin/sh\n{commands}\n");
        File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
