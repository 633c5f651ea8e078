using AuctionTracker.Core.Settings;
using RabbitMQ.Client;
using Serilog;

namespace AuctionTracker.Core.Messaging;

/// <summary>
/// The connection to RabbitMQ, and the suite's one recovery mechanism: the client library's own is off. The first connection
/// of a broker object fails fast, unless the settings say to wait; once there was one, a loss is logged in one line and
/// followed by redialling with jittered back-off for as long as it takes. Not thread-safe: one session at a time.
/// </summary>
/// <param name="settings">Where the broker is.</param>
/// <param name="program">The name under which the admin site lists the connection.</param>
/// <param name="log">Gets one line when the connection is lost and one when it is back.</param>
/// <param name="time">The clock of the back-off.</param>
public sealed class Broker(BrokerSettings settings, string program, ILogger log, TimeProvider time)
{
    /// <summary>What is left for a session to end well after it was told to stop: final confirms and acks.</summary>
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1.2);

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(4);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
    private bool _wasConnected;
    private volatile bool _isBlocked;

    /// <summary>Tells how many messages will go out again on a new connection, for the line that says it is back.</summary>
    public Func<int> Unconfirmed { get; init; } = () => 0;

    /// <summary>
    /// Whether the broker takes no messages for now, because its memory or disk is short; a connection that publishes stands
    /// still then, and nothing is wrong with it.
    /// </summary>
    public bool IsBlocked => _isBlocked;

    /// <summary>
    /// Connects and runs a session on the connection; runs it again, from its beginning, on a new connection whenever the
    /// old one is lost, until the session returns. Closes the connection at the end.
    /// </summary>
    /// <param name="session">Gets the connection and a token that is cancelled when the connection is lost, or 1.2 s after
    /// <paramref name="stop"/>. It ends by returning; it should return soon after <paramref name="stop"/>. The channels it
    /// opens are closed with the connection: it does not dispose them.</param>
    /// <param name="stop">Asks for the end. No exception follows from it.</param>
    /// <exception cref="BrokerException">There was no connection so far and none can be had, or the broker refuses what the
    /// session asks for.</exception>
    public async Task RunAsync(Func<IConnection, CancellationToken, Task> session, CancellationToken stop)
    {
        for (long? lostAt = null; !stop.IsCancellationRequested;)
        {
            try
            {
                await using var connection = await DialAsync(lostAt, stop);
                await RunOnceAsync(connection, session, stop);
                return;
            }
            catch (Exception e) when (BrokerRefusal.IsLoss(e) && stop.IsCancellationRequested)
            {
                // Asked to stop, and the connection did not outlive it: the program's counts say what was left open.
                return;
            }
            catch (Exception e) when (BrokerRefusal.IsLoss(e))
            {
                if (BrokerRefusal.Final(e, settings.Uris[0]) is { } final)
                {
                    throw new BrokerException($"Connection to RabbitMQ server failed: {final}", e);
                }

                lostAt = SayLost(BrokerRefusal.Reason(e));
            }
        }
    }

    private async Task RunOnceAsync(
        IConnection connection, Func<IConnection, CancellationToken, Task> session, CancellationToken stop)
    {
        using var lost = new CancellationTokenSource();
        await using var grace = stop.Register(() => lost.CancelAfter(StopGrace));
        connection.ConnectionShutdownAsync += (_, _) => lost.CancelAsync();
        FollowAlarms(connection);
        try
        {
            await session(connection, lost.Token);
        }
        finally
        {
            _isBlocked = false;
            if (connection.IsOpen)
            {
                // Abort: closes as usual, but a connection that goes away meanwhile is no error here.
                await connection.CloseAsync(200, "Goodbye", CloseTimeout, abort: true, CancellationToken.None);
            }
            else
            {
                // The library is closing it and its channels by itself. Whoever closes one of them at the same moment makes its
                // heartbeat timer throw where nobody can catch, and that ends the process. So it is left alone for a moment.
                await Task.Delay(Settling, time, CancellationToken.None);
            }
        }
    }

    private void FollowAlarms(IConnection connection)
    {
        var since = 0L;
        connection.ConnectionBlockedAsync += (_, e) =>
        {
            (since, _isBlocked) = (time.GetTimestamp(), true);
            log.Warning("RabbitMQ takes no messages for now ({Reason}). Waiting until it does.", e.Reason);
            return Task.CompletedTask;
        };
        connection.ConnectionUnblockedAsync += (_, _) =>
        {
            _isBlocked = false;
            log.Information("RabbitMQ takes messages again after {Seconds:0.0} s.", time.GetElapsedTime(since).TotalSeconds);
            return Task.CompletedTask;
        };
    }

    private async Task<IConnection> DialAsync(long? lostAt, CancellationToken stop)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (lostAt is not null)
            {
                await Task.Delay(_backoff.After(attempt), time, stop);
            }

            var unreachable = "";
            foreach (var uri in settings.Uris)
            {
                try
                {
                    var connection = await ConnectAsync(uri, stop);
                    _wasConnected = true;
                    if (lostAt is { } since)
                    {
                        log.Information(
                            "Connected to RabbitMQ again after {Seconds:0.0} s; {Count} unconfirmed bids go out again.",
                            time.GetElapsedTime(since).TotalSeconds, Unconfirmed());
                    }

                    return connection;
                }
                catch (Exception e) when (!stop.IsCancellationRequested)
                {
                    if (!_wasConnected && BrokerRefusal.Final(e, uri) is { } final)
                    {
                        throw new BrokerException($"Connection to RabbitMQ server failed: {final}", e);
                    }

                    unreachable = BrokerRefusal.Unreachable(e, uri);
                }
            }

            if (!_wasConnected && !settings.Wait)
            {
                throw new BrokerException(
                    $"Connection to RabbitMQ server failed: {unreachable}. Start one with 'dotnet run --project src/LocalBroker', " +
                    "or say where yours is with --broker amqp://user:password@host:5672/.");
            }

            lostAt ??= _wasConnected ? SayLost(unreachable) : SayWaiting(unreachable);
        }
    }

    private long SayLost(string reason)
    {
        log.Warning("Connection to RabbitMQ lost ({Reason}). Dialling again.", reason);
        return time.GetTimestamp();
    }

    private long SayWaiting(string reason)
    {
        log.Warning("No connection to RabbitMQ yet ({Reason}). Waiting for it.", reason);
        return time.GetTimestamp();
    }

    private async Task<IConnection> ConnectAsync(Uri uri, CancellationToken stop)
    {
        var factory = new ConnectionFactory
        {
            Uri = uri,
            Ssl = BrokerTls.For(uri, settings),
            ClientProvidedName = program,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = settings.Heartbeat,
            RequestedConnectionTimeout = DialTimeout,
            HandshakeContinuationTimeout = DialTimeout,
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(DialTimeout);

        // Where what answers is no broker, the library heeds its token late. It is left behind then, and what it may still
        // bring home is closed.
        var dialling = factory.CreateConnectionAsync(timeout.Token);
        try
        {
            return await dialling.WaitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            _ = dialling.ContinueWith(late => late.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
    }
}
