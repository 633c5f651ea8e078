using System.Net;
using System.Net.Sockets;

namespace AuctionTracker.Support;

/// <summary>Finds TCP ports that no program listens on. Another program may take the port before the caller does.</summary>
public static class FreePort
{
    public static int Take()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
