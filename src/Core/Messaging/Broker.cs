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
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A connection that lasted this long was a good one: the next loss is dialled at once again.</summary>
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2));
    private int _failures;
    private Uri? _connectedTo;
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
    /// opens are closed with the connection.</param>
    /// <param name="stop">Asks for the end. No exception follows from it.</param>
    /// <exception cref="BrokerException">There was no connection so far and none can be had, or the broker refuses what the
    /// session asks for.</exception>
    public async Task RunAsync(Func<IConnection, CancellationToken, Task> session, CancellationToken stop)
    {
        for (long? lostAt = null; !stop.IsCancellationRequested;)
        {
            var connectedAt = 0L;
            try
            {
                var connection = await DialAsync(lostAt, stop);
                connectedAt = time.GetTimestamp();
                await RunOnceAsync(connection, session, stop);
                _failures = 0;
                return;
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e) && stop.IsCancellationRequested)
            {
                // Asked to stop, and the connection did not outlive it: the program's counts say what was left open.
                return;
            }
            catch (Exception e) when (BrokerErrors.IsLoss(e))
            {
                if (BrokerErrors.Final(e, _connectedTo!) is { } final)
                {
                    throw new BrokerException($"Connection to RabbitMQ server failed: {final}", e);
                }

                lostAt = SayLost(BrokerErrors.Reason(e));
                _failures = time.GetElapsedTime(connectedAt) > Steady ? 0 : _failures;
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
            await CloseAsync(connection);
        }
    }

    /// <summary>Closes the connection; one that is gone, or can't be closed in time, is left behind for the library to bury.</summary>
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
            // Abort: closes as usual, but a connection that goes away meanwhile is no error here.
            await connection.CloseAsync(200, "Goodbye", CloseTimeout, abort: true, CancellationToken.None);
            await connection.DisposeAsync();
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
        while (true)
        {
            if (lostAt is not null)
            {
                await Task.Delay(_backoff.After(++_failures), time, stop);
            }

            var unreachable = "";
            foreach (var uri in settings.Uris)
            {
                try
                {
                    var connection = await ConnectAsync(uri, stop);
                    _connectedTo = uri;
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
                    if (_connectedTo is null && BrokerErrors.Final(e, uri) is { } final)
                    {
                        throw new BrokerException($"Connection to RabbitMQ server failed: {final}", e);
                    }

                    unreachable = BrokerErrors.Unreachable(e, uri);
                }
            }

            if (_connectedTo is null && !settings.Wait)
            {
                throw new BrokerException(
                    $"Connection to RabbitMQ server failed: {unreachable}. Start one with 'dotnet run --project src/LocalBroker', " +
                    "or say where yours is with --broker amqp://user:password@host:5672/.");
            }

            lostAt ??= _connectedTo is null ? SayWaiting(unreachable) : SayLost(unreachable);
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
        // The library gives a silent connection up after three to four of the heartbeats it asked for, in whole seconds: asked
        // for less than half of one, it does so within two.
        var factory = new ConnectionFactory
        {
            Uri = uri,
            Ssl = BrokerTls.For(uri, settings),
            ClientProvidedName = program,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Math.Floor((settings.Heartbeat - Second) / (2 * Second)) * Second,
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
