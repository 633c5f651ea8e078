namespace AuctionTracker.Records;

/// <summary>Where bids are kept. One caller at a time.</summary>
public interface IBidSink : IAsyncDisposable
{
    /// <summary>What a person calls it: its file, its folder, or its database without a password.</summary>
    string Description { get; }

    /// <summary>Keeps bids. On return they are on the disk; a bid whose id the sink knows is kept once.</summary>
    /// <param name="bids">The bids; the same id may be among them twice.</param>
    /// <param name="cancel">Cancels the operation; some of the bids may be kept even so.</param>
    /// <returns>The number of bids that were not there before.</returns>
    /// <exception cref="IOException">The sink can't be written. The message names it. The next call tries again.</exception>
    Task<int> WriteAsync(IReadOnlyList<RecordedBid> bids, CancellationToken cancel);
}
