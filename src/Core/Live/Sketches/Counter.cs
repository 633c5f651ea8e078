namespace AuctionTracker.Core.Live.Sketches;

/// <summary>How often a key came, as <see cref="SpaceSaving{TKey}"/> counted it. The true count lies between <see cref="AtLeast"/> and
/// <paramref name="Count"/>, both inclusive.</summary>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Count">The count; never below the true count.</param>
/// <param name="Error">The most by which <paramref name="Count"/> can exceed the true count; 0 if the count is exact.</param>
public readonly record struct Counter<TKey>(TKey Key, long Count, long Error)
    where TKey : notnull
{
    /// <summary>The count without its possible error; never above the true count.</summary>
    public long AtLeast => Count - Error;
}
