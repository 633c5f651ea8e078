using System.Runtime.InteropServices;

namespace AuctionTracker.Core.Hosting;

/// <summary>Ctrl+C and SIGTERM: the first asks for a clean end. Thread-safe.</summary>
internal sealed class ShutdownSignals : IDisposable
{
    /// <summary>
    /// A clean end takes two seconds at the most. A signal that comes later is of somebody who can't wait, and left to the
    /// system; one that comes with the first (timeout(1) sends two) is not.
    /// </summary>
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;
    private readonly TimeProvider _time;
    private long? _first;
    private Action? _say;

    public ShutdownSignals(TimeProvider time)
    {
        _time = time;
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Take);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take);
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Sets what is said at the first signal, before anything that follows from it; at once, if that was already.</summary>
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
        _interrupt.Dispose();
        _terminate.Dispose();
        _stop.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        lock (_gate)
        {
            if (_first is null)
            {
                _first = _time.GetTimestamp();
                _say?.Invoke();
            }

            signal.Cancel = _time.GetElapsedTime(_first.Value) < Impatience;
        }

        _stop.Cancel();
    }
}
