namespace AuctionTracker.Records.JsonLines;

/// <summary>The ids that were added last; older ones are forgotten. Not thread-safe.</summary>
/// <param name="capacity">How many ids are remembered.</param>
internal sealed class RecentIds(int capacity)
{
    private readonly HashSet<string> _ids = [];
    private readonly Queue<string> _order = [];

    public bool Contains(string id) => _ids.Contains(id);

    public void Add(string id)
    {
        if (!_ids.Add(id))
        {
            return;
        }

        _order.Enqueue(id);
        if (_order.Count > capacity)
        {
            _ids.Remove(_order.Dequeue());
        }
    }
}
