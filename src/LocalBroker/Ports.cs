using System.Net;
using System.Net.Sockets;

namespace AuctionTracker.LocalBroker;

internal static class Ports
{
    /// <summary>Ports that nobody listens on, all different.</summary>
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

    /// <exception cref="BrokerUnavailableException">Another program has the port.</exception>
    public static void Require(int? port, string flag)
    {
        if (port is not { } wanted)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, wanted);
            listener.Start();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new BrokerUnavailableException(
                $"Port {wanted} is in use by another program: stop it or choose another with {flag}.", e);
        }
    }
}
