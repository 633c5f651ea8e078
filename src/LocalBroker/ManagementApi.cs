using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace AuctionTracker.LocalBroker;

/// <summary>The admin site's HTTP API.</summary>
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
    public async Task<string?> ClusterNameAsync(CancellationToken ct)
    {
        try
        {
            var overview = await _http.GetFromJsonAsync<JsonElement>("api/overview", ct);
            return overview.TryGetProperty("cluster_name", out var name) ? name.GetString() : null;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !ct.IsCancellationRequested)) // the client's own time-out
        {
            return null;
        }
    }

    public async Task PutAsync(string path, object body, CancellationToken ct)
    {
        using var response = await _http.PutAsJsonAsync(path, body, ct);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Deletes what is there; that nothing is there is fine.</summary>
    public async Task DeleteAsync(string path)
    {
        using var response = await _http.DeleteAsync(new Uri(path, UriKind.Relative));
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    public void Dispose() => _http.Dispose();
}
