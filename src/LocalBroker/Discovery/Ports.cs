using System.Net;
using System.Net.Sockets;

namespace AuctionTracker.LocalBroker.Discovery;

internal static class Ports
{
    /// <summary>Different ports that no program listens on.</summary>
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }

    /// <exception cref="BrokerUnavailableException">Another program has one of the ports.</exception>
    public static void Require(int? first, int count, string flag)
    {
        for (var port = first; port < first + count; port++)
        {
            Require(port.Value, flag);
        }
    }

    private static void Require(int port, string flag)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            throw new BrokerUnavailableException(
                e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"Port {port} is in use by another program: stop it or choose another with {flag}."
                    : $"The operating system reserves port {port}: choose another with {flag}.", e);
        }
    }
}
