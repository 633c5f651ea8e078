using System.Globalization;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.LocalBroker;

public sealed class PrivateBrokerTests
{
    /// <summary>What the README says; the tests add ports, because the default ones may be in use on this machine.</summary>
    public const string Command = "dotnet run --project src/LocalBroker";

    [Fact]
    public async Task It_serves_until_Ctrl_C_keeps_its_queues_and_leaves_nothing_running()
    {
        using var folder = new TempFolder();
        var (port, adminPort) = (FreePort.Take(), FreePort.Take());
        var uri = new Uri($"amqp://guest:guest@localhost:{port}/");
        await using (var first = Start(folder, port, adminPort))
        {
            await first.LineAsync("Ctrl+C stops it; its queues are kept in data/broker.");
            Assert.Contains($"Broker: amqp://localhost:{port}/ - admin site: http://localhost:{adminPort}/ (guest / guest)", first.Texts);
            await PlainClient.SendAsync(uri, "kept", "still here"u8.ToArray());
            first.Interrupt();
            Assert.Equal(0, await first.EndAsync());
        }

        await using var second = Start(folder, port, adminPort);
        await second.LineAsync("Ctrl+C stops it");
        Assert.Equal("still here"u8.ToArray(), Assert.Single(await PlainClient.DrainAsync(uri, "kept")).Body.ToArray());
        second.Kill();
        await second.EndAsync();

        await Eventually.TrueAsync("after kill -9 of its holder, nothing of the broker is left", () => !Processes.Mention(folder.Path));
    }

    [Fact]
    public async Task A_port_in_use_is_one_clear_sentence()
    {
        using var folder = new TempFolder();
        using var other = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        var port = ((System.Net.IPEndPoint)other.LocalEndpoint).Port;

        await using var broker = Start(folder, port, FreePort.Take());

        Assert.Equal(1, await broker.EndAsync());
        Assert.StartsWith($"Port {port} is in use, and not by a broker we can use (", broker.Texts[^1], StringComparison.Ordinal);
    }

    private static ProgramUnderTest Start(TempFolder folder, int port, int adminPort) => ProgramUnderTest.Start(
        "LocalBroker", folder, null,
        "--port", port.ToString(CultureInfo.InvariantCulture), "--admin-port", adminPort.ToString(CultureInfo.InvariantCulture));
}
