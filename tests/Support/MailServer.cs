using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using AuctionTracker.LocalBroker;
using Xunit;

namespace AuctionTracker.Support;

/// <summary>A real SMTP server, aiosmtpd, as a process: with STARTTLS under a private authority, a login, and refusals.</summary>
public sealed class MailServer : IAsyncDisposable
{
    private readonly OwnedProcess _process;
    private readonly Channel<JsonElement> _events = Channel.CreateUnbounded<JsonElement>();
    private readonly ConcurrentQueue<string> _errors = [];

    private MailServer(int port, IEnumerable<string> arguments)
    {
        Port = port;
        var script = Path.Combine(AppContext.BaseDirectory, "Peers", "mail_server.py");
        _process = OwnedProcess.Start(
            "/usr/bin/python3", [script, "--port", port.ToString(CultureInfo.InvariantCulture), .. arguments],
            onOutput: line => _events.Writer.TryWrite(JsonDocument.Parse(line).RootElement),
            onError: _errors.Enqueue,
            grace: TimeSpan.FromSeconds(1));
        _ = _process.Exited.ContinueWith(_ => _events.Writer.TryComplete(), TaskScheduler.Default);
    }

    public int Port { get; }

    /// <summary>Starts a server without TLS and login.</summary>
    /// <param name="arguments">Further arguments of <c>mail_server.py</c>.</param>
    public static Task<MailServer> StartAsync(params IEnumerable<string> arguments) => StartAtAsync(FreePort.Take(), arguments);

    /// <summary>Starts a server without TLS and login.</summary>
    /// <param name="port">Where it listens.</param>
    /// <param name="arguments">Further arguments of <c>mail_server.py</c>.</param>
    public static async Task<MailServer> StartAtAsync(int port, params IEnumerable<string> arguments)
    {
        await DebianPackages.RequireAsync("python3-aiosmtpd");
        var server = new MailServer(port, arguments);
        Assert.Equal("listening", (await server.NextAsync()).GetProperty("event").GetString());
        return server;
    }

    /// <summary>Starts a server that requires STARTTLS and a login.</summary>
    public static Task<MailServer> StartWithLoginAsync(
        PrivateAuthority authority, string user, string password, params IEnumerable<string> arguments) =>
        StartAsync(
            ["--certificate", authority.ServerCertificate, "--key", authority.ServerKey, "--user", user, "--password", password, .. arguments]);

    /// <summary>The name of the next event: mail, busy, fault or "login refused".</summary>
    public async Task<string> EventAsync() => (await NextAsync()).GetProperty("event").GetString()!;

    /// <summary>The next event; its <c>event</c> is mail, busy, fault or "login refused".</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var patience = new CancellationTokenSource(ProgramUnderTest.Patience);
        try
        {
            return await _events.Reader.ReadAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException)
        {
            throw new InvalidOperationException($"Nothing more came from the mail server. It said: {string.Join('\n', _errors)}", e);
        }
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>All further events, until the server ends.</summary>
    public IAsyncEnumerable<JsonElement> ReadAllAsync() => _events.Reader.ReadAllAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
