using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AuctionTracker.LocalBroker.Discovery;

/// <summary>RabbitMQ's management HTTP API.</summary>
internal sealed class ManagementApi : IDisposable
{
    private readonly HttpClient _http;

    public ManagementApi(Uri site, Uri broker)
    {
        var (user, password) = broker.Credentials();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));
        _http = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = site,
            Timeout = TimeSpan.FromSeconds(10),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", basic) },
        };
    }

    /// <summary>The cluster's name, or null where no management API answers.</summary>
    public async Task<string?> ClusterNameAsync(CancellationToken ct) =>
        await GetAsync("api/overview", ct) is { } overview && overview.TryGetProperty("cluster_name", out var name)
            ? name.GetString()
            : null;

    /// <summary>How many nodes this one sees running in its cluster, itself included; 0 where no management API answers.</summary>
    public async Task<int> RunningNodesAsync(CancellationToken ct) =>
        await GetAsync("api/nodes?columns=name,running", ct) is { ValueKind: JsonValueKind.Array } nodes
            ? nodes.EnumerateArray().Count(node => node.TryGetProperty("running", out var running) && running.GetBoolean())
            : 0;

    /// <summary>Whether every quorum queue would keep its majority without this node.</summary>
    public async Task<bool> CanSpareNodeAsync(CancellationToken ct) =>
        await GetAsync("api/health/checks/node-is-quorum-critical", ct) is not null; // else it answers 503

    public async Task PutAsync(string path, object body, CancellationToken ct)
    {
        using var response = await _http.PutAsJsonAsync(path, body, ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Deletes a resource; one that does not exist is no error.</summary>
    public async Task DeleteAsync(string path)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative));
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement?> GetAsync(string path, CancellationToken ct)
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonElement>(path, ct);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !ct.IsCancellationRequested)) // the client's own time-out
        {
            return null;
        }
    }
}
