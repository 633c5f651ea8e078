using System.Text.Json;

namespace AuctionTracker.Core.Messaging;

/// <summary>A queue, as the management API sees it. Figures are up to five seconds old.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ready">Messages that wait.</param>
/// <param name="Unacked">Messages that are delivered and not acked.</param>
/// <param name="Consumers">The number of consumers.</param>
/// <param name="InRate">Messages a second that come in.</param>
/// <param name="OutRate">Messages a second that are delivered.</param>
public sealed record QueueState(string Name, long Ready, long Unacked, int Consumers, double InRate, double OutRate)
{
    /// <summary>Reads a queue of the API. A queue that is new has no figures yet.</summary>
    internal static QueueState Read(JsonElement queue) => new(
        queue.GetProperty("name").GetString()!,
        NumberOf(queue, "messages_ready"),
        NumberOf(queue, "messages_unacknowledged"),
        (int)NumberOf(queue, "consumers"),
        RateOf(queue, "publish_details"),
        RateOf(queue, "deliver_get_details"));

    private static long NumberOf(JsonElement queue, string name) => queue.TryGetProperty(name, out var number) && number.TryGetInt64(out var value) ? value : 0;

    private static double RateOf(JsonElement queue, string name) =>
        queue.TryGetProperty("message_stats", out var stats) && stats.ValueKind == JsonValueKind.Object && stats.TryGetProperty(name, out var details)
        && details.TryGetProperty("rate", out var rate) ? rate.GetDouble() : 0;
}
