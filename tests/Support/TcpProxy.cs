using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AuctionTracker.Support;

/// <summary>
/// A TCP proxy between a client and a server that cuts or stalls the connections on request. It can accept TLS from the client.
/// </summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private readonly Uri _server;
    private volatile TaskCompletionSource _flow = Flowing();

    /// <summary>Starts the proxy on a free port of localhost.</summary>
    /// <param name="server">The address of the server.</param>
    /// <param name="tls">TLS options for the client's side; <see langword="null"/>: no TLS. The server's side has no TLS.</param>
    public TcpProxy(Uri server, SslServerAuthenticationOptions? tls = null)
    {
        (_server, _tls) = (server, tls);
        _listener.Start();
        Uri = new UriBuilder(server)
        {
            Scheme = tls is null ? server.Scheme : "amqps",
            Host = "localhost",
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port,
        }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The address that clients connect to.</summary>
    public Uri Uri { get; }

    /// <summary>Resets every open connection. New connections are forwarded.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var client in _open)
            {
                client.Client?.Close(timeout: 0);
            }

            _open.Clear();
        }
    }

    /// <summary>Holds back all data in both directions and keeps the connections open, like a network that fails silently.</summary>
    public void Stall() => _flow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Forwards all data again, including what was held back.</summary>
    public void Resume()
    {
        var stalled = _flow;
        _flow = Flowing();
        stalled.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Resume();
        await _end.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                var far = new TcpClient();
                lock (_gate)
                {
                    _open.AddRange([near, far]);
                }

                _ = ServeAsync(near, far);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(TcpClient near, TcpClient far)
    {
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port, _end.Token);
            Stream nearStream = near.GetStream();
            if (_tls is not null)
            {
                var secure = new SslStream(nearStream);
                await secure.AuthenticateAsServerAsync(_tls, _end.Token);
                nearStream = secure;
            }

            await Task.WhenAny(ForwardAsync(nearStream, far.GetStream()), ForwardAsync(far.GetStream(), nearStream));
        }
        catch (Exception e) when (
            e is IOException or SocketException or AuthenticationException or InvalidOperationException or OperationCanceledException)
        {
            // The connection was cut or refused, or the server is down. Both sides are closed below.
        }

        near.Close();
        far.Close();
    }

    private async Task ForwardAsync(Stream from, Stream to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _end.Token) is > 0 and var count)
            {
                await _flow.Task;
                await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection was cut or closed by one side.
        }
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }
}
