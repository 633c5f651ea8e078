using System.Runtime.Versioning;

namespace AuctionTracker.Support;

/// <summary>An empty folder of its own, deleted with all that is in it when disposed.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("auction-").FullName;

    /// <summary>The full path of something in the folder, whether it is there or not.</summary>
    /// <param name="name">A file's or folder's name.</param>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into the folder.</summary>
    /// <returns>Its full path.</returns>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>Writes a shell script that can be run.</summary>
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
