using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Messaging;

/// <summary>RabbitMQ's management API, which lists what AMQP cannot. A broker works without it.</summary>
/// <param name="settings">The address, and the user of the first of the broker's addresses.</param>
public sealed class ManagementApi(BrokerSettings settings) : IDisposable
{
    private const int DefaultPort = 15672;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = ClientFor(settings);

    /// <summary>The names of the queues of the virtual host.</summary>
    /// <param name="cancel">Cancels the request.</param>
    /// <returns><see langword="null"/> if the API does not answer, or does not know the user.</returns>
    public async Task<IReadOnlyList<string>?> QueueNamesAsync(CancellationToken cancel)
    {
        try
        {
            var path = settings.Uris[0].AbsolutePath.Length > 1 ? settings.Uris[0].AbsolutePath[1..] : "%2F";
            await using var body = await _http.GetStreamAsync(new Uri($"api/queues/{path}?columns=name", UriKind.Relative), cancel);
            using var queues = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
            return [.. queues.RootElement.EnumerateArray().Select(queue => queue.GetProperty("name").GetString()!)];
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException
            || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Ends requests in progress.</summary>
    public void Dispose() => _http.Dispose();

    private static HttpClient ClientFor(BrokerSettings settings)
    {
        var broker = settings.Uris[0];
        var user = broker.UserInfo.Length > 0 ? Uri.UnescapeDataString(broker.UserInfo) : "guest:guest";
        return new HttpClient
        {
            BaseAddress = settings.Management ?? new UriBuilder("http", broker.Host, DefaultPort).Uri,
            Timeout = Patience,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user))) },
        };
    }
}
