using System.Net.Security;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Integration.Tests.Delivery;

/// <summary>How a program connects and reconnects.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public async Task A_silent_connection_is_detected_by_missed_heartbeats_and_replaced()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder[".env.toml"], "[broker]\nheartbeat = 3\n");
        await using var proxy = new TcpProxy(host.Uri);
        await using var consumer = ProgramUnderTest.Start("Consumer.V2", folder, proxy.Uri);
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, proxy.Uri, "--interval", "0.01");
        await consumer.LineAsync("Received ");

        proxy.Stall();
        await producer.LineAsync("Connection to RabbitMQ lost (");
        await consumer.LineAsync("Connection to RabbitMQ lost (");
        proxy.Resume();
        await producer.LineAsync("Connected to RabbitMQ after ");
        await consumer.LineAsync("Connected to RabbitMQ after ");
        await consumer.LineAsync("Received ");

        producer.Interrupt();
        Assert.Equal(0, await producer.EndAsync());
        var sent = producer.Texts.Where(t => t.StartsWith("Sent message", StringComparison.Ordinal)).Select(t => t.Split(" at ")[^1]).ToHashSet();
        await Eventually.TrueAsync("the consumer has read every bid that was sent", () => sent.All(time => consumer.Texts.Any(t => t.Contains(time, StringComparison.Ordinal))));
    }

    [Fact]
    public async Task With_wait_a_program_waits_for_its_broker()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await using var proxy = new TcpProxy(host.Uri);
        proxy.Stall();
        await using var producer = ProgramUnderTest.Start("Producer.V1", folder, proxy.Uri, "--wait");
        await producer.LineAsync("No connection to RabbitMQ yet (");

        proxy.Resume();

        await producer.LineAsync("Connected to RabbitMQ after ");
        Assert.Equal(0, await producer.EndAsync());
        Assert.Equal("Counts: sent 1, confirmed 1, returned 0, failed 0", producer.Texts[^1]);
    }

    [Fact]
    public async Task With_wait_a_refused_login_is_an_error_only_when_it_is_refused_again_and_again()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var wrong = new UriBuilder(host.Uri) { Password = "wrong" }.Uri;
        await using var producer = ProgramUnderTest.Start("Producer.V1", folder, wrong, "--wait");

        await producer.LineAsync("No connection to RabbitMQ yet (");
        await producer.LineAsync("refuses the login of user 'guest'. Check user and password in --broker.");

        Assert.Equal(1, await producer.EndAsync());
        Assert.Equal("Counts: sent 0, confirmed 0, returned 0, failed 0", producer.Texts[^1]);
    }

    [Fact]
    public async Task Ctrl_C_ends_a_program_that_waits_for_its_broker()
    {
        using var folder = new TempFolder();
        await using var consumer = ProgramUnderTest.Start("Consumer.V4", folder, new Uri($"amqp://localhost:{FreePort.Take()}/"), "--wait");
        await consumer.LineAsync("No connection to RabbitMQ yet (");

        consumer.Interrupt();

        Assert.Equal(0, await consumer.EndAsync());
    }

    [Fact]
    public async Task The_first_of_several_brokers_that_answers_is_used()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();

        var (exitCode, texts) = await ProgramUnderTest.RunAsync(
            "Producer.V1", folder, null, "--broker", $"amqp://guest:guest@localhost:{FreePort.Take()}/,{host.Uri}");

        Assert.Equal(0, exitCode);
        Assert.Equal("Counts: sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
    }

    [Fact]
    public async Task A_TLS_certificate_of_a_private_authority_is_trusted_only_with_its_ca_file()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var authority = new PrivateAuthority(folder);
        await using var proxy = new TcpProxy(host.Uri, new SslServerAuthenticationOptions { ServerCertificate = authority.Server });

        var (refused, why) = await ProgramUnderTest.RunAsync("Producer.V1", folder, proxy.Uri);
        await File.WriteAllTextAsync(folder[".env.toml"], $"[broker]\nca_file = \"{authority.Certificate}\"\n");
        var (trusted, texts) = await ProgramUnderTest.RunAsync("Producer.V1", folder, proxy.Uri);

        Assert.Equal((1, 0), (refused, trusted));
        Assert.Contains(why, t => t.StartsWith($"Connection to RabbitMQ server failed: localhost:{proxy.Uri.Port} is not trusted over TLS (", StringComparison.Ordinal));
        Assert.Equal("Counts: sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
    }

    [Fact]
    public async Task The_client_certificate_is_presented_over_TLS()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        var authority = new PrivateAuthority(folder);
        string? shown = null;
        await using var proxy = new TcpProxy(host.Uri, new SslServerAuthenticationOptions
        {
            ServerCertificate = authority.Server,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => (shown = certificate?.Subject) is not null,
        });
        await File.WriteAllTextAsync(
            folder[".env.toml"],
            $"[broker]\nca_file = \"{authority.Certificate}\"\nclient_certificate = \"{authority.ServerCertificate}\"\nclient_key = \"{authority.ServerKey}\"\n");

        var (_, texts) = await ProgramUnderTest.RunAsync("Producer.V1", folder, proxy.Uri);

        Assert.Equal("Counts: sent 1, confirmed 1, returned 0, failed 0", texts[^1]);
        Assert.Equal("CN=localhost", shown);
    }

    [Fact]
    public async Task A_single_active_consumer_reads_while_the_other_stands_by_and_takes_over()
    {
        await using var host = await Rabbit.HostAsync();
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder[".env.toml"], "[broker]\nsingle_active_consumer = true\n");
        await using var active = ProgramUnderTest.Start("Consumer.V3", folder, host.Uri, "--items", "art");
        await using var producer = ProgramUnderTest.Start("Producer.V3", folder, host.Uri, "--items", "art", "--interval", "0.05");
        await active.LineAsync("Received ");
        await using var standby = ProgramUnderTest.Start("Consumer.V3", folder, host.Uri, "--items", "art");
        await standby.LineAsync("Starting consumer.");
        for (var i = 0; i < 20; i++)
        {
            await active.LineAsync("Received ");
        }

        Assert.DoesNotContain(standby.Texts, t => t.StartsWith("Received ", StringComparison.Ordinal));
        active.Kill();
        await standby.LineAsync("Received ");
    }
}
