namespace AuctionTracker.LocalBroker;

/// <summary>What a leashed program can be told; the numbers are the same on Linux and macOS.</summary>
public enum Signal
{
    /// <summary>SIGINT, what Ctrl+C sends.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL: nothing gets a say.</summary>
    Kill = 9,

    /// <summary>SIGTERM: a request to end.</summary>
    Terminate = 15,
}
