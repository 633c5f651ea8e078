using System.Runtime.InteropServices;
using AuctionTracker.Core.Live.Sketches;

namespace AuctionTracker.Core.Live;

/// <summary>
/// Figures by id: of all ids up to a bound. Beyond it, the busiest ids are known: one that is new takes the place of the least busy one. Their
/// figures are kept, too, where they are needed then; those of an id that took a place start anew. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the figures.</typeparam>
/// <param name="bound">The number of ids that are kept.</param>
/// <param name="seed">The key of the hashes.</param>
/// <param name="isKeptBeyond">Whether the figures of the busiest ids are kept beyond the bound.</param>
/// <param name="create">Creates the figures of an id, which has a hash.</param>
internal sealed class FigureBook<T>(int bound, UInt128 seed, bool isKeptBeyond, Func<string, ulong, T> create)
{
    private readonly Dictionary<string, T> _figures = [];
    private SpaceSaving<string>? _busiest;
    private HyperLogLog? _distinct;

    /// <summary>Whether every id has its figures.</summary>
    public bool IsExact => _busiest is null;

    /// <summary>The number of distinct ids; an estimate if not <see cref="IsExact"/>.</summary>
    public long Count => _distinct?.Estimate() ?? _figures.Count;

    /// <summary>The figures of all ids that have some.</summary>
    public Dictionary<string, T> Figures => _figures;

    /// <summary>The figures of an id that has a bid.</summary>
    /// <param name="id">The id.</param>
    /// <param name="bidsOf">The number of bids of its figures, without this one.</param>
    public T Touch(string id, Func<T, long> bidsOf)
    {
        if (_figures.TryGetValue(id, out var known))
        {
            _busiest?.Add(id);
            return known;
        }

        var hash = HashOf(id);
        if (_busiest is null && _figures.Count == bound)
        {
            _busiest = new SpaceSaving<string>(bound, StringComparer.Ordinal);
            _distinct = new HyperLogLog();
            foreach (var (key, of) in _figures)
            {
                _busiest.Add(key, bidsOf(of));
                _distinct.AddHash(HashOf(key));
            }

            if (!isKeptBeyond)
            {
                _figures.Clear();
                _figures.TrimExcess();
            }
        }

        _distinct?.AddHash(hash);
        if (_busiest is not null && _busiest.Add(id, 1, out var evicted))
        {
            _figures.Remove(evicted);
        }

        var figures = create(id, hash);
        if (_busiest is null || isKeptBeyond)
        {
            _figures.Add(id, figures);
        }

        return figures;
    }

    /// <summary>The ids with the most bids, most first. If not <see cref="IsExact"/>, a count is at most too high, by the bound of
    /// Space-Saving: all bids divided by the number of ids that are kept.</summary>
    /// <param name="count">The most ids to return.</param>
    /// <param name="bidsOf">The number of bids of figures.</param>
    public IReadOnlyList<BusyKey> Busiest(int count, Func<T, long> bidsOf)
    {
        if (_busiest is not null)
        {
            return [.. _busiest.Top(count).Select(counter => new BusyKey(counter.Key, counter.Count))];
        }

        var top = new TopList<BusyKey>(count, static (a, b) => a.Bids != b.Bids ? a.Bids.CompareTo(b.Bids) : string.CompareOrdinal(b.Key, a.Key));
        foreach (var (key, figures) in _figures)
        {
            top.Offer(new BusyKey(key, bidsOf(figures)));
        }

        return top.Take();
    }

    private ulong HashOf(string id) => SipHash.Hash(MemoryMarshal.AsBytes(id.AsSpan()), seed);
}
