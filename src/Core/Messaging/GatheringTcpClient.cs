using System.Net.Sockets;
using RabbitMQ.Client;

namespace AuctionTracker.Core.Messaging;

/// <summary>Gives the client library a <see cref="GatheringStream"/> over a socket with the library's own options.</summary>
internal sealed class GatheringTcpClient(Socket socket, TimeSpan readPause, TimeProvider time) : TcpClientAdapter(socket)
{
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromMilliseconds(250);

    /// <summary>The client library's own factory of sockets, each with a gathering stream.</summary>
    public static ITcpClient Create(AddressFamily family, TimeSpan readPause, TimeProvider time) =>
        new GatheringTcpClient(((TcpClientAdapter)ConnectionFactoryBase.DefaultSocketFactory(family)).Client, readPause, time);

    /// <inheritdoc/>
    public override NetworkStream GetStream() => new GatheringStream(Client, FlushTimeout, readPause, time);
}
