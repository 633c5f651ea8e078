using System.Runtime.InteropServices;

namespace AuctionTracker.Core.Hosting;

/// <summary>
/// The requests to stop: Ctrl+C, SIGTERM, Ctrl+Break (Ctrl+\ on Unix) and the closed terminal. The first one cancels a token.
/// Thread-safe.
/// </summary>
internal sealed class ShutdownSignals : IDisposable
{
    /// <summary>
    /// A clean end takes two seconds at most. A later signal comes from a person who can't wait, and ends the program. An earlier
    /// one belongs to the first: timeout(1) sends two, and so do a terminal and its shell.
    /// </summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(2);

    /// <summary>Windows kills a program five seconds after its console was closed.</summary>
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly bool _hasTerminal = !Console.IsOutputRedirected; // later the terminal may be gone
    private readonly PosixSignalRegistration[] _registrations;
    private readonly TimeProvider _time;
    private long? _first;
    private Action? _say;
    private bool _isClosing;

    public ShutdownSignals(TimeProvider time)
    {
        _time = time;
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Take))];
        if (Environment.GetEnvironmentVariable(AuctionProgram.StopAtEndOfInput) is { Length: > 0 })
        {
            _ = Task.Run(StopAtEndOfInputAsync);
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Sets what to call at the first signal, before the token is cancelled; called at once if that has come already.</summary>
    public void SayWith(Action say)
    {
        lock (_gate)
        {
            _say = say;
            if (_first is not null)
            {
                say();
            }
        }
    }

    public void Dispose()
    {
        // Windows does not remove a handler while it runs; the program is about to end anyway.
        if (!_isClosing)
        {
            Array.ForEach(_registrations, registration => registration.Dispose());
        }

        _stop.Dispose();
    }

    private async Task StopAtEndOfInputAsync()
    {
        await Console.OpenStandardInput().CopyToAsync(Stream.Null);
        Stop();
    }

    /// <returns>The time since the first request to stop.</returns>
    private TimeSpan Stop()
    {
        TimeSpan since;
        lock (_gate)
        {
            if (_first is null)
            {
                _first = _time.GetTimestamp();
                _say?.Invoke();
            }

            since = _time.GetElapsedTime(_first.Value);
        }

        _stop.Cancel();
        return since;
    }

    private void Take(PosixSignalContext context)
    {
        var isHangup = context.Signal == PosixSignal.SIGHUP;
        var isClosing = OperatingSystem.IsWindows() && context.Signal is PosixSignal.SIGHUP or PosixSignal.SIGTERM;
        _isClosing |= isClosing;
        if (isHangup && _hasTerminal && !OperatingSystem.IsWindows())
        {
            // The terminal is gone, and writing to it throws. The log file gets the last lines.
            Console.SetOut(TextWriter.Null);
            Console.SetError(TextWriter.Null);
        }

        context.Cancel = Stop() < Impatience || isHangup;
        if (isClosing)
        {
            // Windows kills the program when this method returns. The program ends by itself before.
            Task.Delay(CloseTimeout, _time, CancellationToken.None).Wait(CancellationToken.None);
        }
    }
}
