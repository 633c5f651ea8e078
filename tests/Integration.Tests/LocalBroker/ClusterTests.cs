using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AuctionTracker.LocalBroker;
using AuctionTracker.LocalBroker.Discovery;
using AuctionTracker.Support;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace AuctionTracker.Integration.Tests.LocalBroker;

public sealed class ClusterTests
{
    /// <summary>What the README says; the test adds ports, because the default ones may be in use on this machine.</summary>
    public const string Command = $"{PrivateBrokerTests.Command} -- {Nodes} 3";

    private const string Nodes = "--nodes";

    [Fact]
    public async Task It_says_how_to_reach_it_and_leaves_nothing_running_after_kill_9_of_its_holder()
    {
        using var folder = new TempFolder();
        var (port, adminPort) = (TwoPortsInARow(10_000), TwoPortsInARow(15_000));
        await using var program = ProgramUnderTest.Start(
            "LocalBroker", folder, null, Nodes, "2",
            "--port", port.ToString(CultureInfo.InvariantCulture), "--admin-port", adminPort.ToString(CultureInfo.InvariantCulture));

        await program.LineAsync("Ctrl+C stops it; its queues are kept in data/broker.");

        Assert.Contains(
            $"For every program here: --broker amqp://guest:guest@localhost:{port}/,amqp://guest:guest@localhost:{port + 1}/",
            program.Texts);
        Assert.Equal(["auction1@localhost", "auction2@localhost"], await RunningAsync(new($"http://localhost:{adminPort}/")));
        Assert.All(["1", "2"], node => Assert.True(Directory.Exists(folder[$"data/broker/{node}/data"])));

        program.Kill();
        await program.EndAsync();
        await Eventually.TrueAsync("after kill -9 of its holder, nothing of the cluster is left", () => !Processes.Mention(folder.Path));
    }

    [Fact]
    public async Task A_quorum_queue_outlives_its_leader_which_comes_back_with_the_same_address()
    {
        await using var broker = await RunningBroker.StartAsync(
            new BrokerRequest { Nodes = 3 }, Console.WriteLine, TimeProvider.System, CancellationToken.None);
        await using (var first = await Rabbit.ConnectAsync(broker.Uris[0]))
        await using (var channel = await first.CreateChannelAsync())
        {
            // The node that a queue is declared on leads it at first.
            await channel.QueueDeclareAsync(
                "kept", durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        }

        await using var second = await Rabbit.ConnectAsync(broker.Uris[1]);
        await using var confirmed = await second.CreateChannelAsync(new CreateChannelOptions(true, true));
        await confirmed.BasicPublishAsync("", "kept", mandatory: true, "before"u8.ToArray());

        await broker.KillAsync(node: 1);

        await confirmed.BasicPublishAsync("", "kept", mandatory: true, "after"u8.ToArray());
        IReadOnlyList<BasicGetResult> kept = [];
        await Eventually.TrueAsync("the third node knows the new leader; until then it asks the old one", async () =>
        {
            try
            {
                kept = await PlainClient.DrainAsync(broker.Uris[2], "kept");
                return true;
            }
            catch (OperationInterruptedException)
            {
                return false;
            }
        });
        Assert.Equal(["before", "after"], kept.Select(message => Encoding.UTF8.GetString(message.Body.Span)));
        Assert.False(broker.Ended.IsCompleted);

        await broker.RestartAsync(node: 1);
        Assert.Equal(0u, await PlainClient.CountAsync(broker.Uris[0], "kept"));
        Assert.Equal(["auction1@localhost", "auction2@localhost", "auction3@localhost"], await RunningAsync(broker.AdminSite!));
    }

    /// <summary>The names of the nodes that run, as the admin site lists them.</summary>
    private static async Task<IEnumerable<string?>> RunningAsync(Uri site)
    {
        using var http = new HttpClient { BaseAddress = site };
        http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("guest:guest")));
        var nodes = await http.GetFromJsonAsync<JsonElement>("api/nodes?columns=name,running");
        return nodes.EnumerateArray()
            .Where(node => node.GetProperty("running").GetBoolean()).Select(node => node.GetProperty("name").GetString()).Order();
    }

    /// <summary>The first of two ports that nobody listens on, below those that LocalBroker and the system hand out.</summary>
    private static int TwoPortsInARow(int from) =>
        Enumerable.Range(from, 5_000).Where(port => port % 2 == 0).First(port => Ports.IsFree(port) && Ports.IsFree(port + 1));
}
