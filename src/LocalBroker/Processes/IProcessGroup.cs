using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AuctionTracker.LocalBroker.Processes;

/// <summary>A started program and the processes it starts, as the operating system groups them.</summary>
internal interface IProcessGroup
{
    /// <summary>The program.</summary>
    Process Process { get; }

    /// <summary>Signals the program only. On Windows each signal is the request to stop.</summary>
    void Send(PosixSignal signal);

    /// <summary>Asks the program to stop.</summary>
    void RequestStop();

    /// <summary>Kills the program only.</summary>
    void Kill();

    /// <summary>Kills the program and the processes it started.</summary>
    void KillAll();
}
