using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AuctionTracker.Core.Settings;

namespace AuctionTracker.Core.Messaging;

/// <summary>RabbitMQ's management HTTP API, which knows what AMQP does not tell. A broker works without it. Thread-safe.</summary>
public sealed class ManagementApi : IDisposable
{
    private const int DefaultPort = 15672;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _broker;

    /// <summary>Uses the API of an admin site.</summary>
    /// <param name="site">The address of the admin site.</param>
    /// <param name="broker">The address of the broker, whose user and virtual host are used.</param>
    public ManagementApi(Uri site, Uri broker)
    {
        _broker = broker;
        var (user, password) = Credentials(broker);
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        _http = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = site,
            Timeout = Patience,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", basic) },
        };
    }

    /// <summary>Uses the API that the settings name, or the one at port 15672 of the broker's host.</summary>
    /// <param name="settings">The settings.</param>
    public ManagementApi(BrokerSettings settings)
        : this(settings.Management ?? new UriBuilder("http", settings.Uris[0].Host, DefaultPort).Uri, settings.Uris[0])
    {
    }

    /// <summary>User and password of a broker's address; guest and guest if it names none.</summary>
    /// <param name="broker">The address.</param>
    public static (string User, string Password) Credentials(Uri broker)
    {
        if (broker.UserInfo.Length == 0)
        {
            return ("guest", "guest");
        }

        var parts = broker.UserInfo.Split(':', 2);
        return (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
    }

    /// <summary>The names of the queues of the broker's virtual host; none where no management API answers, or it does not know the user.</summary>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<IReadOnlyList<string>> QueueNamesAsync(CancellationToken cancel)
    {
        return await GetAsync($"api/queues/{VirtualHost}?columns=name", cancel) is { ValueKind: JsonValueKind.Array } queues
            ? [.. queues.EnumerateArray().Select(queue => queue.GetProperty("name").GetString()!)]
            : [];
    }

    /// <summary>The queues of the broker's virtual host; <see langword="null"/> where no management API answers, or it does not know the user.</summary>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<IReadOnlyList<QueueState>?> QueuesAsync(CancellationToken cancel) =>
        await GetAsync($"api/queues/{VirtualHost}?columns=name,messages_ready,messages_unacknowledged,consumers,message_stats", cancel)
            is { ValueKind: JsonValueKind.Array } queues
            ? [.. queues.EnumerateArray().Select(QueueState.Read)]
            : null;

    /// <summary>The cluster's name, or null where no management API answers.</summary>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<string?> ClusterNameAsync(CancellationToken cancel) =>
        await GetAsync("api/overview", cancel) is { } overview && overview.TryGetProperty("cluster_name", out var name)
            ? name.GetString()
            : null;

    /// <summary>How many nodes this one sees running in its cluster, itself included; 0 where no management API answers.</summary>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<int> RunningNodesAsync(CancellationToken cancel) =>
        await GetAsync("api/nodes?columns=name,running", cancel) is { ValueKind: JsonValueKind.Array } nodes
            ? nodes.EnumerateArray().Count(node => node.TryGetProperty("running", out var running) && running.GetBoolean())
            : 0;

    /// <summary>Whether every quorum queue would keep its majority without this node.</summary>
    /// <param name="cancel">Cancels the request.</param>
    public async Task<bool> CanSpareNodeAsync(CancellationToken cancel) =>
        await GetAsync("api/health/checks/node-is-quorum-critical", cancel) is not null; // else it answers 503

    /// <summary>Creates or replaces a resource.</summary>
    /// <param name="path">The path of the resource, without a slash at its beginning.</param>
    /// <param name="body">Its definition, which becomes JSON.</param>
    /// <param name="cancel">Cancels the request.</param>
    /// <exception cref="HttpRequestException">The broker refused, or is gone.</exception>
    public async Task PutAsync(string path, object body, CancellationToken cancel)
    {
        using var response = await _http.PutAsJsonAsync(path, body, cancel);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Deletes a resource; one that does not exist is no error.</summary>
    /// <param name="path">The path of the resource, without a slash at its beginning.</param>
    /// <exception cref="HttpRequestException">The broker refused, or is gone.</exception>
    public async Task DeleteAsync(string path)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative));
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    private string VirtualHost => _broker.AbsolutePath.Length > 1 ? _broker.AbsolutePath[1..] : "%2F";

    /// <summary>Ends requests in progress.</summary>
    public void Dispose() => _http.Dispose();

    private async Task<JsonElement?> GetAsync(string path, CancellationToken cancel)
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonElement>(path, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancel.IsCancellationRequested)) // the client's own time-out
        {
            return null;
        }
    }
}
