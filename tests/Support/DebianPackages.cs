using System.Collections.Concurrent;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Support;

/// <summary>Tools that the tests need from Debian or Ubuntu; installed on first use where they are missing.</summary>
public static class DebianPackages
{
    private static readonly SemaphoreSlim Apt = new(1);
    private static readonly ConcurrentDictionary<string, bool> Present = [];

    /// <summary>Makes sure that a package is installed.</summary>
    /// <exception cref="InvalidOperationException">It is not, and could not be installed; the message says what to do.</exception>
    public static async Task RequireAsync(string package)
    {
        await Apt.WaitAsync();
        try
        {
            if (Present.ContainsKey(package) || await RunAsync("dpkg-query", "-s", package) == 0)
            {
                Present[package] = true;
                return;
            }

            await RunAsync("apt-get", "-q", "update");
            if (await RunAsync("apt-get", "-q", "install", "-y", "--no-install-recommends", package) != 0)
            {
                throw new InvalidOperationException($"These tests need the package {package}: install it with 'sudo apt-get install {package}'.");
            }
        }
        finally
        {
            Apt.Release();
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        await using var process = OwnedProcess.Start(
            program, arguments, new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" });
        return await process.Exited.WaitAsync(TimeSpan.FromMinutes(5));
    }
}
