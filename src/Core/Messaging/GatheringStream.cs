using System.Net.Sockets;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// The stream under the client library. It gathers small writes into few large sends, and small packets into few large reads: the
/// library writes each frame alone and reads 4 KB at a time, which costs a system call, and often a packet, for every publish and ack.
/// </summary>
/// <remarks>
/// <para>A write returns as soon as its bytes are in the buffer; they are sent at once, in order, by a work item, together with what was
/// written meanwhile. At most 128 KB wait for the socket: past that a write waits until the peer takes more, so memory stays flat
/// while the broker blocks the connection. A send that fails, or a write that is cancelled before its bytes are buffered, breaks the
/// stream: the pending read ends, with an error or as at the end of the stream, and every later call throws.</para>
/// <para>While deliveries stream in, a read waits for a pause, so that it brings more: each read wakes several threads, which costs more
/// than handling a bid. After less than 1 KB, a bid or two, the next read is at once, and so it is after half a buffer, and for 20 ms after a
/// write that is larger than an ack: somebody may wait for the answer.</para>
/// <para>One reader and one writer at a time. Only asynchronous reads and writes are supported.</para>
/// </remarks>
/// <param name="socket">The connected socket. The stream owns it.</param>
/// <param name="flushTimeout">How long disposing waits for the peer to take what was written.</param>
/// <param name="readPause">The pause before a read while deliveries stream in; zero for none.</param>
/// <param name="time">The clock of the pause.</param>
internal sealed class GatheringStream(Socket socket, TimeSpan flushTimeout, TimeSpan readPause, TimeProvider time)
    : NetworkStream(socket, ownsSocket: true), IThreadPoolWorkItem
{
    private const int BufferSize = 64 * 1024;
    private const int BurstSize = 1024;

    /// <summary>An ack is a frame of 21 bytes, in a TLS record some 50.</summary>
    private const int AckSize = 64;

    private static readonly TimeSpan AnswerTime = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly byte[] _readAhead = new byte[BufferSize];
    private ReadOnlyMemory<byte> _unread;
    private int _lastReadCount;
    private long _lastRequest;

    private byte[] _buffered = new byte[BufferSize];
    private byte[] _sending = new byte[BufferSize];
    private int _bufferedCount;
    private bool _isSending;
    private Exception? _failure;

    // Set when the buffer was handed to the socket; and when everything was sent.
    private TaskCompletionSource? _roomMade;
    private TaskCompletionSource? _allSent;

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > AckSize)
        {
            Volatile.Write(ref _lastRequest, time.GetTimestamp());
        }

        return TryBuffer(ref buffer, out var roomMade) ? ValueTask.CompletedTask : new(WriteRestAsync(buffer, roomMade!, cancellationToken));
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Does nothing: what was written is sent without it.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _unread.IsEmpty ? ReadAheadAsync(buffer, cancellationToken) : new(TakeUnread(buffer));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Not supported.</summary>
    public override int Read(Span<byte> buffer) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException();

    /// <summary>Not supported.</summary>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Waits until what was written is sent, within bounds, then closes the socket.</summary>
    public override async ValueTask DisposeAsync()
    {
        await AllSentAsync().WaitAsync(flushTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Fail(new ObjectDisposedException(nameof(GatheringStream)));
        await base.DisposeAsync();
    }

    /// <summary>Sends the buffered bytes. The thread pool calls it.</summary>
    async void IThreadPoolWorkItem.Execute()
    {
        try
        {
            while (TakeBuffered() is { IsEmpty: false } bytes)
            {
                await base.WriteAsync(bytes);
            }
        }
        catch (Exception e)
        {
            // Whatever it was, the connection is unusable from here on.
            Fail(e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            AllSentAsync().Wait(flushTimeout);
            Fail(new ObjectDisposedException(nameof(GatheringStream)));
        }

        base.Dispose(disposing);
    }

    private async Task WriteRestAsync(ReadOnlyMemory<byte> rest, Task roomMade, CancellationToken cancel)
    {
        do
        {
            try
            {
                await roomMade.WaitAsync(cancel);
            }
            catch (OperationCanceledException e)
            {
                Fail(e);
                throw;
            }
        }
        while (!TryBuffer(ref rest, out roomMade!));
    }

    /// <summary>Buffers as much as fits. False if a rest does not; the task then completes when there is room.</summary>
    private bool TryBuffer(ref ReadOnlyMemory<byte> bytes, out Task? roomMade)
    {
        bool startSending;
        lock (_gate)
        {
            ThrowIfFailed();
            var count = Math.Min(bytes.Length, BufferSize - _bufferedCount);
            bytes.Span[..count].CopyTo(_buffered.AsSpan(_bufferedCount));
            _bufferedCount += count;
            bytes = bytes[count..];
            roomMade = bytes.IsEmpty ? null : (_roomMade ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            startSending = !_isSending && _bufferedCount > 0;
            _isSending |= startSending;
        }

        if (startSending)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        return roomMade is null;
    }

    /// <summary>Takes what is buffered, and makes room. Empty if there is nothing to send.</summary>
    private ReadOnlyMemory<byte> TakeBuffered()
    {
        lock (_gate)
        {
            var count = _bufferedCount;
            (_buffered, _sending, _bufferedCount) = (_sending, _buffered, 0);
            _isSending = count > 0;
            _roomMade?.TrySetResult();
            _roomMade = null;
            if (count == 0)
            {
                _allSent?.TrySetResult();
            }

            return _sending.AsMemory(0, count);
        }
    }

    private Task AllSentAsync()
    {
        lock (_gate)
        {
            return !_isSending || _failure is not null
                ? Task.CompletedTask
                : (_allSent ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    private async ValueTask<int> ReadAheadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            if (readPause > TimeSpan.Zero && _lastReadCount is >= BurstSize and < BufferSize / 2 &&
                time.GetElapsedTime(Volatile.Read(ref _lastRequest)) > AnswerTime)
            {
                await Task.Delay(readPause, time, cancel);
            }

            _lastReadCount = await base.ReadAsync(_readAhead.AsMemory(), cancel);
            _unread = _readAhead.AsMemory(0, _lastReadCount);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            lock (_gate)
            {
                ThrowIfFailed();
            }

            throw;
        }

        return TakeUnread(buffer);
    }

    private int TakeUnread(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _unread.Length);
        _unread[..count].CopyTo(buffer);
        _unread = _unread[count..];
        return count;
    }

    /// <summary>Breaks the stream: wakes the writer and the reader, which throw.</summary>
    private void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _roomMade?.TrySetResult();
            _allSent?.TrySetResult();
        }

        Socket.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            throw new IOException(_failure.Message, _failure);
        }
    }
}
