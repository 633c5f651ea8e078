using System.Net;
using System.Net.Sockets;

namespace AuctionTracker.LocalBroker.Discovery;

/// <summary>TCP ports of 127.0.0.1.</summary>
public static class Ports
{
    /// <summary>
    /// The range below the one from which systems take the ports of outgoing connections: such a connection could have a port seconds
    /// later, when the broker needs it.
    /// </summary>
    private const int First = 20_000;

    private const int Count = 12_000;

    private static readonly HashSet<int> GivenOut = [];

    /// <summary>Different ports that no program listens on and that no call before this one returned. Thread-safe.</summary>
    public static int[] Free(int count)
    {
        var start = Environment.ProcessId * 37 % Count; // two processes that look at the same time look in different places
        lock (GivenOut)
        {
            return [.. Enumerable.Range(start, Count).Select(i => First + (i % Count)).Where(port => IsFree(port) && GivenOut.Add(port)).Take(count)];
        }
    }

    /// <summary>Whether no program listens on a port.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <exception cref="BrokerUnavailableException">Another program has one of the ports.</exception>
    internal static void Require(int? first, int count, string flag)
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
