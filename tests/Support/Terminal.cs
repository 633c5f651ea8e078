using System.Text;
using AuctionTracker.LocalBroker;

namespace AuctionTracker.Support;

/// <summary>Runs a program at a terminal (a pseudo-terminal of util-linux's <c>script</c>), and types an answer.</summary>
public static class Terminal
{
    public static async Task<string> RunAsync(string name, TempFolder folder, Uri broker, string answer)
    {
        var output = new StringBuilder();
        var assembly = Path.Combine(AppContext.BaseDirectory, $"AuctionTracker.{name}.dll");
        var environment = new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.ToString() };
        await using var leash = Leash.Start(
            "sh", ["-c", $"echo {answer} | script -qec 'dotnet {assembly}' /dev/null"], environment, folder.Path, line => output.AppendLine(line));
        await leash.Exited.WaitAsync(ProgramUnderTest.Patience);
        return output.ToString();
    }
}
