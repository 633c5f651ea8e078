using System.Globalization;
using System.Text;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Records;

namespace AuctionTracker.Recorder.Verify;

/// <summary>Compares sinks: all are read side by side, in the order of their ids, in flat memory. Times of arrival may differ.</summary>
internal static class Verification
{
    /// <exception cref="ProgramException">The sinks are not equal, or one can't be read.</exception>
    public static async Task RunAsync(ProgramRun run, CancellationToken stop)
    {
        await using var sources = new RecordSources(run);
        var sides = new List<Side>();
        try
        {
            foreach (var address in run.Settings.RecordTo)
            {
                sides.Add(await Side.OpenAsync(address, sources, stop));
            }

            while (sides.Select(side => side.Id).OfType<byte[]>().ToList() is { Count: > 0 } ids)
            {
                var first = ids.Min(IdOrder)!;
                var present = sides.Where(side => side.IsAt(first)).ToList();
                foreach (var side in sides)
                {
                    side.Compare(present[0].Current!);
                }

                foreach (var side in present)
                {
                    await side.MoveNextAsync();
                }
            }
        }
        catch (IOException e)
        {
            throw new ProgramException(e.Message, e);
        }
        finally
        {
            foreach (var side in sides)
            {
                await side.DisposeAsync();
            }
        }

        sides.ForEach(side => side.Log(run));
        if (sides.All(side => side.IsEqual) && sources.Unreadable == 0)
        {
            run.Log.Information("All sinks are equal.");
        }
        else
        {
            throw new ProgramException("The sinks are not equal.");
        }
    }

    private static readonly Comparer<byte[]> IdOrder = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    /// <summary>One of the sinks while it is read.</summary>
    private sealed class Side(SinkAddress address, IAsyncEnumerator<RecordedBid> bids) : IAsyncDisposable
    {
        private const int ShownIds = 20;

        private readonly Differences _missing = new();
        private readonly Differences _different = new();
        private long _count;
        private decimal _sum;

        public RecordedBid? Current { get; private set; }

        public byte[]? Id { get; private set; }

        public bool IsEqual => _missing.Count + _different.Count == 0;

        public static async Task<Side> OpenAsync(SinkAddress address, RecordSources sources, CancellationToken stop)
        {
            var side = new Side(address, (await sources.OpenAsync(address, stop)).ReadByIdAsync(stop).GetAsyncEnumerator(stop));
            await side.MoveNextAsync();
            return side;
        }

        public bool IsAt(byte[] id) => Id is not null && Id.AsSpan().SequenceEqual(id);

        public async Task MoveNextAsync()
        {
            Current = await bids.MoveNextAsync() ? bids.Current : null;
            Id = Current is null ? null : Encoding.UTF8.GetBytes(Current.MessageId);
            _count += Current is null ? 0 : 1;
            _sum += Current?.Bid.Amount ?? 0;
        }

        public void Compare(RecordedBid expected)
        {
            if (Current?.MessageId != expected.MessageId)
            {
                _missing.Add(expected.MessageId);
            }
            else if (Current.Bid != expected.Bid)
            {
                _different.Add(expected.MessageId);
            }
        }

        public void Log(ProgramRun run)
        {
            var log = run.LogOf(address.Name);
            log.Information("{Count:#,0} bids, {Sum:#,0.00##} in all.", _count, _sum);
            _missing.Log("Missing", log);
            _different.Log("Different from the others", log);
        }

        public ValueTask DisposeAsync() => bids.DisposeAsync();

        private sealed class Differences
        {
            private readonly List<string> _ids = [];

            public long Count { get; private set; }

            public void Add(string id)
            {
                Count++;
                if (_ids.Count < ShownIds)
                {
                    _ids.Add(id);
                }
            }

            public void Log(string what, Serilog.ILogger log)
            {
                if (Count > 0)
                {
                    log.Warning(
                        "{What}: {Count} bids: {Ids}", what, Count.ToString("#,0", CultureInfo.InvariantCulture),
                        string.Join(", ", _ids) + (Count > _ids.Count ? ", …" : ""));
                }
            }
        }
    }
}
