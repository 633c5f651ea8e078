namespace AuctionTracker.Records;

/// <summary>A record that is read.</summary>
public interface IBidSource
{
    /// <summary>Reads the bids, each id once, in the bytewise order of their ids in UTF-8, in flat memory.</summary>
    /// <param name="cancel">Cancels reading.</param>
    /// <exception cref="IOException">The record can't be read. The message names it.</exception>
    IAsyncEnumerable<RecordedBid> ReadByIdAsync(CancellationToken cancel);
}
