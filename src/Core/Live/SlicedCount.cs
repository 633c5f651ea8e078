using System.Runtime.CompilerServices;

namespace AuctionTracker.Core.Live;

/// <summary>Counts in a window of ten slices that moves with the clock, a slice at a time. Not thread-safe.</summary>
internal struct SlicedCount
{
    /// <summary>The number of slices of a window.</summary>
    public const int Slices = 10;

    private SliceCounts _counts;
    private int _newest; // a slice of six seconds or more: enough until the year 2378
    private int _sum;

    /// <summary>Adds one to a slice; nothing if it is older than the window.</summary>
    /// <param name="slice">The number of the slice, counted from 1970.</param>
    public void Add(int slice)
    {
        for (var added = Math.Max(_newest + 1, slice - Slices + 1); added <= slice; added++)
        {
            _sum -= _counts[IndexOf(added)];
            _counts[IndexOf(added)] = 0;
        }

        _newest = Math.Max(_newest, slice);
        if (slice > _newest - Slices)
        {
            _counts[IndexOf(slice)]++;
            _sum++;
        }
    }

    /// <summary>The count of the window that ends with a slice.</summary>
    /// <param name="slice">The number of the window's last slice.</param>
    public readonly int CountAt(int slice)
    {
        if (slice == _newest || slice >= _newest + Slices)
        {
            return slice == _newest ? _sum : 0;
        }

        var count = 0;
        for (var kept = Math.Max(slice, _newest) - Slices + 1; kept <= Math.Min(slice, _newest); kept++)
        {
            count += _counts[IndexOf(kept)];
        }

        return count;
    }

    private static int IndexOf(int slice) => ((slice % Slices) + Slices) % Slices;

    [InlineArray(Slices)]
    private struct SliceCounts
    {
        private int _first;
    }
}
