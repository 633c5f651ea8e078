using AuctionTracker.Core.Messaging;

namespace AuctionTracker.LocalBroker;

/// <summary>A new virtual host on a broker: its queues are apart from those of the same name elsewhere on the broker.</summary>
public sealed class VirtualHost : IAsyncDisposable
{
    private readonly RunningBroker _broker;
    private readonly ManagementApi _api;
    private readonly string _name = $"auction-{Guid.NewGuid():N}";

    private VirtualHost(RunningBroker broker, Uri adminSite)
    {
        (_broker, _api) = (broker, new(adminSite, broker.Uri));
        Uri = new UriBuilder(broker.Uri) { Path = _name }.Uri;
    }

    /// <summary>The broker's address with this virtual host in it.</summary>
    public Uri Uri { get; }

    /// <summary>Makes one with a random name and gives the broker's user all permissions in it.</summary>
    /// <exception cref="InvalidOperationException">The broker was not asked for with an admin site, and has none.</exception>
    /// <exception cref="HttpRequestException">The broker refused, or is gone.</exception>
    public static async Task<VirtualHost> CreateAsync(RunningBroker broker, CancellationToken ct)
    {
        var site = broker.AdminSite ?? throw new InvalidOperationException(
            "A virtual host is made by the admin site, and this broker has none: ask for one with NeedsAdminSite.");
        var host = new VirtualHost(broker, site);
        try
        {
            var user = Uri.EscapeDataString(ManagementApi.Credentials(broker.Uri).User);
            await host._api.PutAsync($"api/vhosts/{host._name}", new { description = "Auction Tracker" }, ct);
            await host._api.PutAsync(
                $"api/permissions/{host._name}/{user}", new { configure = ".*", write = ".*", read = ".*" }, ct);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets a policy for queues.</summary>
    /// <param name="pattern">A regular expression for their names.</param>
    /// <param name="definition">As in <c>new Dictionary&lt;string, object&gt; { ["delivery-limit"] = 5 }</c>.</param>
    /// <param name="ct">Stops the attempt.</param>
    /// <exception cref="HttpRequestException">The broker refused, or is gone.</exception>
    public Task SetPolicyAsync(string pattern, IReadOnlyDictionary<string, object> definition, CancellationToken ct) =>
        _api.PutAsync($"api/policies/{_name}/auction", new { pattern, definition }, ct);

    /// <summary>Deletes it with its queues and messages.</summary>
    public async ValueTask DisposeAsync()
    {
        using (_api)
        {
            try
            {
                await _api.DeleteAsync($"api/vhosts/{_name}");
            }
            catch (HttpRequestException) when (_broker.Ended.IsCompleted)
            {
                // The broker has ended, and its virtual hosts with it.
            }
        }
    }
}
