using System.Net;
using System.Net.Sockets;

namespace AuctionTracker.Support;

/// <summary>Stands between a program and a server, and cuts their connections on request.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private readonly Task _accepting;
    private readonly Uri _server;

    /// <summary>Starts forwarding.</summary>
    /// <param name="server">Where to.</param>
    public TcpProxy(Uri server)
    {
        _server = server;
        _listener.Start();
        Uri = new UriBuilder(server) { Host = "localhost", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The server's address, by way of the proxy.</summary>
    public Uri Uri { get; }

    /// <summary>Cuts every connection there is, without a farewell; new ones are let through.</summary>
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

    public async ValueTask DisposeAsync()
    {
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
                await far.ConnectAsync(_server.Host, _server.Port, _end.Token);
                lock (_gate)
                {
                    _open.AddRange([near, far]);
                }

                _ = ForwardAsync(near, far);
                _ = ForwardAsync(far, near);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private static async Task ForwardAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut, or closed by one side: so is the other.
        }

        from.Close();
        to.Close();
    }
}
