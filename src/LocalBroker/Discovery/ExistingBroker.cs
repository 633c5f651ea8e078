using AuctionTracker.Core.Messaging;
namespace AuctionTracker.LocalBroker.Discovery;

/// <summary>A broker that runs already: the one that AUCTION_BROKER names, or else one on the port.</summary>
internal sealed record ExistingBroker(Uri Uri, Uri? AdminSite, string Origin)
{
    /// <summary>Null where there is none and one may be started.</summary>
    /// <exception cref="BrokerUnavailableException">The broker or the port that the person named can't be used.</exception>
    public static Task<ExistingBroker?> FindAsync(BrokerRequest request, CancellationToken ct) =>
        Environment.GetEnvironmentVariable("AUCTION_BROKER") is { } named && !string.IsNullOrWhiteSpace(named)
            ? FirstOfAsync(AmqpAddress.ParseList(named), request, ct)
            : OnPortAsync(request, ct);

    private static async Task<ExistingBroker?> FirstOfAsync(
        IReadOnlyList<Uri> addresses, BrokerRequest request, CancellationToken ct)
    {
        List<string> refusals = [];
        foreach (var uri in addresses)
        {
            var (found, refusal, _) = await AskAsync(uri, $"the broker at {uri.Redacted()} (AUCTION_BROKER)", request, ct);
            if (found is not null)
            {
                return found;
            }

            refusals.Add($"{uri.Redacted()} ({refusal})");
        }
        throw new BrokerUnavailableException(
            $"AUCTION_BROKER can't be used: {string.Join(", ", refusals)}. Start that broker, correct the address, or unset it.");
    }

    private static async Task<ExistingBroker?> OnPortAsync(BrokerRequest request, CancellationToken ct)
    {
        var port = request.Port ?? AmqpAddress.DefaultPort;
        var (found, refusal, nobody) = await AskAsync(
            AmqpAddress.Local(port), $"the broker already running on localhost:{port}", request, ct);
        return found is not null || nobody || request.Port is null ? found : throw new BrokerUnavailableException(
            $"Port {port} is in use, and not by a broker we can use ({refusal}): stop it or choose another with --port.");
    }

    private static async Task<(ExistingBroker? Found, string? Refusal, bool Nobody)> AskAsync(
        Uri uri, string origin, BrokerRequest request, CancellationToken ct)
    {
        var probe = await HandshakeProbe.ToAsync(uri, ct);
        if (probe.Cluster is null)
        {
            return (null, probe.Refusal, probe.NobodyThere);
        }

        var site = uri.AdminSite(request.AdminPort);
        using var api = new ManagementApi(site, uri);
        // The admin site there may be another broker's: the cluster's names tell.
        var isItsSite = await api.ClusterNameAsync(ct) == probe.Cluster;
        return request.NeedsAdminSite && !isItsSite
            ? (null, $"its admin site does not answer at {site}: rabbitmq-plugins enable rabbitmq_management", false)
            : (new(uri, isItsSite ? site : null, origin), null, false);
    }
}
