using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using AuctionTracker.Core.Messaging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuctionTracker.Core.Tests.Messaging;

/// <summary>The stream on one end of a loopback connection, and a plain socket, the peer, on the other.</summary>
public sealed class GatheringStreamTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // a machine under load
    private static readonly byte[] Kilobyte = RandomNumberGenerator.GetBytes(1024);

    // Far more than the buffers of both sockets and of the stream hold: writing it waits until the peer takes most of it.
    private static readonly byte[] MoreThanFits = RandomNumberGenerator.GetBytes(8_000_000);

    private static readonly TimeSpan ReadPause = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();
    private readonly GatheringStream _stream;
    private readonly GatheringStream _pausing;
    private readonly Socket _peer;
    private readonly Socket _peerOfPausing;

    public GatheringStreamTests()
    {
        (_stream, _peer) = Connect(readPause: TimeSpan.Zero);
        (_pausing, _peerOfPausing) = Connect(ReadPause);
    }

    private (GatheringStream Stream, Socket Peer) Connect(TimeSpan readPause)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = 65_536;
        listener.Start();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, SendBufferSize = 65_536 };
        socket.Connect(listener.LocalEndpoint);
        return (new GatheringStream(socket, flushTimeout: Patience / 10, readPause, _clock), listener.AcceptSocket());
    }

    public void Dispose()
    {
        _peer.Dispose();
        _stream.Dispose();
        _peerOfPausing.Dispose();
        _pausing.Dispose();
    }

    [Fact]
    public async Task Writes_of_every_size_arrive_in_order()
    {
        var random = new Random(7);
        var sent = new byte[3_000_000];
        random.NextBytes(sent);
        var receiving = ReceiveAsync(sent.Length);

        for (var at = 0; at < sent.Length;)
        {
            var size = Math.Min(random.Next(4) == 0 ? random.Next(200_000) : random.Next(300), sent.Length - at);
            await _stream.WriteAsync(sent.AsMemory(at, size));
            at += size;
        }

        Assert.Equal(sent, await receiving);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(200_000)]
    public async Task Reads_of_every_size_return_the_bytes_in_order_and_then_the_end(int size)
    {
        var sent = RandomNumberGenerator.GetBytes(300_000);
        var sending = SendAndEndAsync();

        var received = new MemoryStream();
        var buffer = new byte[size];
        while (await _stream.ReadAsync(buffer).AsTask().WaitAsync(Patience) is > 0 and var count)
        {
            received.Write(buffer, 0, count);
        }

        await sending;
        Assert.Equal(sent, received.ToArray());

        async Task SendAndEndAsync()
        {
            await _peer.SendAsync(sent);
            _peer.Shutdown(SocketShutdown.Send);
        }
    }

    [Fact]
    public async Task While_deliveries_stream_in_a_read_waits_for_more()
    {
        await ReceiveBurstAsync(1024);
        var next = _pausing.ReadAsync(new byte[4096]);
        await _peerOfPausing.SendAsync(Kilobyte);
        await _peerOfPausing.SendAsync(Kilobyte);
        Assert.False(next.IsCompleted);

        _clock.Advance(ReadPause);

        Assert.Equal(2048, await next.AsTask().WaitAsync(Patience));
    }

    [Theory]
    [InlineData(1_023)]
    [InlineData(32 * 1024)]
    public async Task After_a_single_bid_or_half_a_buffer_the_next_read_is_at_once(int size)
    {
        await ReceiveBurstAsync(size);
        await _peerOfPausing.SendAsync(Kilobyte);

        Assert.Equal(1024, await _pausing.ReadAsync(new byte[4096]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task After_a_request_the_next_read_is_at_once_for_its_answer()
    {
        await ReceiveBurstAsync(1024);
        await _pausing.WriteAsync(new byte[65]);
        await _peerOfPausing.SendAsync(Kilobyte);

        Assert.Equal(1024, await _pausing.ReadAsync(new byte[4096]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task After_an_ack_the_next_read_waits_for_more()
    {
        await ReceiveBurstAsync(1024);
        await _pausing.WriteAsync(new byte[64]);
        await _peerOfPausing.SendAsync(Kilobyte);

        var next = _pausing.ReadAsync(new byte[4096]);

        Assert.False(next.IsCompleted);
        _clock.Advance(ReadPause);
        await next.AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_write_is_sent_without_a_flush()
    {
        await _stream.WriteAsync(Kilobyte);

        Assert.Equal(Kilobyte, await ReceiveAsync(1024));
    }

    [Fact]
    public async Task Writes_wait_while_the_peer_takes_nothing_and_continue_when_it_does()
    {
        var write = _stream.WriteAsync(MoreThanFits).AsTask();
        Assert.False(write.IsCompleted);

        Assert.Equal(MoreThanFits, await ReceiveAsync(MoreThanFits.Length));
        await write.WaitAsync(Patience);
    }

    [Fact]
    public async Task When_the_connection_breaks_the_waiting_write_throws_and_the_pending_read_ends()
    {
        var reading = _stream.ReadAsync(new byte[1]).AsTask();
        var write = _stream.WriteAsync(MoreThanFits).AsTask();

        _peer.LingerState = new LingerOption(enable: true, seconds: 0); // closing resets the connection
        _peer.Dispose();

        await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(Patience));
        Assert.Equal(0, await EndAsync());
        await Assert.ThrowsAsync<IOException>(() => _stream.WriteAsync(Kilobyte).AsTask());
        await Assert.ThrowsAsync<IOException>(() => _stream.ReadAsync(new byte[1]).AsTask());

        // The system reports a reset once: to the send, and then the read only sees the end, or to the read.
        async Task<int> EndAsync()
        {
            try
            {
                return await reading.WaitAsync(Patience);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    [Fact]
    public async Task A_cancelled_write_breaks_the_stream_because_half_a_frame_may_be_sent()
    {
        var reading = _stream.ReadAsync(new byte[1]).AsTask();
        using var cancel = new CancellationTokenSource();
        var write = _stream.WriteAsync(MoreThanFits, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write.WaitAsync(Patience));
        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(Patience));
        await Assert.ThrowsAsync<IOException>(() => _stream.WriteAsync(Kilobyte).AsTask());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_sends_what_was_written(bool asynchronously)
    {
        for (var i = 0; i < 60; i++)
        {
            await _stream.WriteAsync(Kilobyte);
        }

        if (asynchronously)
        {
            await _stream.DisposeAsync();
        }
        else
        {
            _stream.Dispose();
        }

        await ReceiveAsync(60 * 1024);
        Assert.Equal(0, await _peer.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_a_peer_that_takes_nothing()
    {
        var write = _stream.WriteAsync(MoreThanFits).AsTask();

        await _stream.DisposeAsync().AsTask().WaitAsync(Patience);

        await Assert.ThrowsAsync<IOException>(() => write.WaitAsync(Patience));
    }

    /// <summary>Lets the stream read so many bytes that come at once.</summary>
    private async Task ReceiveBurstAsync(int count)
    {
        await _peerOfPausing.SendAsync(new byte[count]);
        Assert.Equal(count, await _pausing.ReadAsync(new byte[count]).AsTask().WaitAsync(Patience));
    }

    private async Task<byte[]> ReceiveAsync(int count)
    {
        var received = new byte[count];
        using var timeout = new CancellationTokenSource(Patience);
        for (var at = 0; at < count;)
        {
            var more = await _peer.ReceiveAsync(received.AsMemory(at), timeout.Token);
            Assert.NotEqual(0, more);
            at += more;
        }

        return received;
    }
}
