using AuctionTracker.Core.Settings;
using RabbitMQ.Client;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// Connects to RabbitMQ and reconnects after a loss; the client library's automatic recovery is off. A failed first connection is an
/// error, unless the settings say to wait. A later loss is logged in one line, and followed by attempts to reconnect with jittered
/// back-off, without a limit. Not thread-safe: one session at a time.
/// </summary>
/// <param name="settings">The broker's addresses, TLS files and heartbeat.</param>
/// <param name="program">The name under which the admin site lists the connection.</param>
/// <param name="log">Gets a line when the connection is lost, restored, blocked and unblocked.</param>
/// <param name="time">The clock of the back-off.</param>
public sealed class Broker(BrokerSettings settings, string program, ILogger log, TimeProvider time)
{
    /// <summary>How long a session may take to end after a stop request: time for its last confirms and acks.</summary>
    private static readonly TimeSpan StopGracePeriod = TimeSpan.FromSeconds(1.2);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>For the first connection: a broker that answers slowly, on a busy machine or far away, is still a broker.</summary>
    private static readonly TimeSpan FirstConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>For later connections: the next address, or a node that is back, should not wait for one that hangs.</summary>
    private static readonly TimeSpan ReconnectTimeout = TimeSpan.FromSeconds(4);

    /// <summary>
    /// With <c>--wait</c>, how often a broker may refuse what waiting usually cannot change, before it counts as an error: about five
    /// seconds. A broker that is stopping refuses every login.
    /// </summary>
    private const int RefusalsWhileWaiting = 5;

    /// <summary>A connection that lasted this long resets the back-off.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
    private int _failures;
    private Uri? _connectedTo;
    private volatile bool _isBlocked;

    /// <summary>Returns how many messages a new connection publishes again, for the log. By default 0.</summary>
    public Func<int> UnconfirmedCount { get; init; } = () => 0;

    /// <summary>How long a read from the broker may wait for more while deliveries stream in. By default zero.</summary>
    public TimeSpan ReadPause { get; init; }

    /// <summary>
    /// Whether the broker has blocked the connection because of a memory or disk alarm. The connection is intact: publishes and confirms
    /// resume when the alarm clears.
    /// </summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>
    /// Connects and runs a session on the connection. Whenever the connection is lost, reconnects and runs the session again from its
    /// beginning, until the session returns. Closes the connection at the end.
    /// </summary>
    /// <param name="session">Gets the connection, and a token that is cancelled when the connection is lost or 1.2 s after
    /// <paramref name="stop"/>. It should return soon after <paramref name="stop"/>. Its channels close with the connection.</param>
    /// <param name="stop">Requests the end. This method then returns; it does not throw
    /// <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="BrokerException">The first connection failed and the settings do not say to wait, or the broker refuses the
    /// login, the virtual host, a permission or a declaration.</exception>
    public async Task RunAsync(Func<IConnection, CancellationToken, Task> session, CancellationToken stop)
    {
        for (long? lostAt = null; !stop.IsCancellationRequested;)
        {
            var connectedAt = 0L;
            try
            {
                var connection = await ConnectAsync(lostAt, stop);
                connectedAt = time.GetTimestamp();
                await RunSessionAsync(connection, session, stop);
                _failures = 0;
                return;
            }
            catch (Exception e) when (ConnectionErrors.IsConnectionLost(e) && stop.IsCancellationRequested)
            {
                // Lost during the stop: the counts say what stays unconfirmed or unacked.
                return;
            }
            catch (Exception e) when (ConnectionErrors.IsConnectionLost(e))
            {
                if (ConnectionErrors.PermanentError(e, _connectedTo!) is { } error)
                {
                    throw new BrokerException($"Connection to RabbitMQ server failed: {error}", e);
                }

                lostAt = LogConnectionLost(ConnectionErrors.LossReason(e));
                _failures = time.GetElapsedTime(connectedAt) > StableAfter ? 0 : _failures;
            }
        }
    }

    private async Task RunSessionAsync(
        IConnection connection, Func<IConnection, CancellationToken, Task> session, CancellationToken stop)
    {
        using var lost = new CancellationTokenSource();
        await using var grace = stop.Register(() => lost.CancelAfter(StopGracePeriod));
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        LogBlocked(connection);
        try
        {
            await session(connection, lost.Token);
        }
        finally
        {
            _isBlocked = false;
            await CloseAsync(connection);
        }
    }

    /// <summary>Closes the connection. Does not wait for one that is lost or takes too long: that closes in the background.</summary>
    private async Task CloseAsync(IConnection connection)
    {
        var isOpen = connection.IsOpen;
        var closing = CloseAndDisposeAsync();
        if (isOpen)
        {
            await closing.WaitAsync(CloseTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CloseAndDisposeAsync()
        {
            // Abort closes the connection as usual, but does not throw if it is lost meanwhile.
            await connection.CloseAsync(200, "Goodbye", CloseTimeout, abort: true, CancellationToken.None);
            await connection.DisposeAsync();
        }
    }

    private void LogBlocked(IConnection connection)
    {
        var since = 0L;
        connection.ConnectionBlockedAsync += (_, e) =>
        {
            (since, _isBlocked) = (time.GetTimestamp(), true);
            log.Warning("RabbitMQ blocked the connection ({Reason}). Waiting until it accepts messages again.", e.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _isBlocked = false;
            log.Information("RabbitMQ unblocked the connection after {Seconds:0.0} s.", time.GetElapsedTime(since).TotalSeconds);
            return Task.CompletedTask;
        };
    }

    private async Task<IConnection> ConnectAsync(long? lostAt, CancellationToken stop)
    {
        for (var refusals = 0; ;)
        {
            if (lostAt is not null)
            {
                await Task.Delay(_backoff.After(++_failures), time, stop);
            }

            var failure = "";
            foreach (var uri in settings.Uris)
            {
                try
                {
                    var connection = await ConnectToAsync(uri, stop);
                    _connectedTo = uri;
                    if (lostAt is { } since)
                    {
                        log.Information(
                            "Connected to RabbitMQ after {Seconds:0.0} s. Unconfirmed bids to publish again: {Count}.",
                            time.GetElapsedTime(since).TotalSeconds, UnconfirmedCount());
                    }

                    return connection;
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    if (_connectedTo is null && ConnectionErrors.PermanentError(e, uri) is { } error
                        && (!settings.Wait || ++refusals > RefusalsWhileWaiting))
                    {
                        throw new BrokerException($"Connection to RabbitMQ server failed: {error}", e);
                    }

                    failure = ConnectionErrors.ConnectFailure(e, uri);
                }
            }

            if (_connectedTo is null && !settings.Wait)
            {
                throw new BrokerException(
                    $"Connection to RabbitMQ server failed: {failure}. Start one with 'dotnet run --project src/LocalBroker', " +
                    "or set its address with --broker amqp://user:password@host:5672/.");
            }

            lostAt ??= _connectedTo is null ? LogWaiting(failure) : LogConnectionLost(failure);
        }
    }

    private long LogConnectionLost(string reason)
    {
        log.Warning("Connection to RabbitMQ lost ({Reason}). Reconnecting.", reason);
        return time.GetTimestamp();
    }

    private long LogWaiting(string reason)
    {
        log.Warning("No connection to RabbitMQ yet ({Reason}). Waiting for the broker.", reason);
        return time.GetTimestamp();
    }

    private async Task<IConnection> ConnectToAsync(Uri uri, CancellationToken stop)
    {
        var connectTimeout = _connectedTo is null ? FirstConnectTimeout : ReconnectTimeout;

        // The client library closes a silent connection after three to four of the heartbeat intervals it requests, in whole seconds.
        // With less than half of the setting it does so within two of the setting's heartbeats.
        var factory = new ConnectionFactory
        {
            Uri = uri,
            Ssl = BrokerTls.For(uri, settings),
            SocketFactory = family => GatheringTcpClient.Create(family, ReadPause, time),
            ClientProvidedName = program,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Math.Floor((settings.Heartbeat - Second) / (2 * Second)) * Second,
            RequestedConnectionTimeout = connectTimeout,
            HandshakeContinuationTimeout = connectTimeout,
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(connectTimeout);

        // If the server is not a broker, the client library reacts late to its token. Do not wait for it, and dispose a connection
        // that it still opens.
        var connecting = factory.CreateConnectionAsync(timeout.Token);
        try
        {
            return await connecting.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _ = connecting.ContinueWith(late => late.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
    }
}
