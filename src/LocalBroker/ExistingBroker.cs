namespace AuctionTracker.LocalBroker;

/// <summary>A broker somebody else runs: the one AUCTION_BROKER names, or else one on the default port.</summary>
internal sealed record ExistingBroker(Uri Uri, Uri? AdminSite, string Origin)
{
    /// <summary>Null: there is none, and nothing stands in the way of starting one.</summary>
    /// <exception cref="BrokerUnavailableException">What was asked for by name can't be used.</exception>
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
        var greeting = await HandshakeProbe.ToAsync(uri, ct);
        if (greeting.Cluster is null)
        {
            return (null, greeting.Refusal, greeting.NobodyThere);
        }

        var site = uri.AdminSite(request.AdminPort);
        using var api = new ManagementApi(site, uri);
        // The cluster's name tells whether the site there is this broker's, and not a neighbour's.
        var isItsSite = await api.ClusterNameAsync(ct) == greeting.Cluster;
        return request.NeedsAdminSite && !isItsSite
            ? (null, $"its admin site does not answer at {site}: rabbitmq-plugins enable rabbitmq_management", false)
            : (new(uri, isItsSite ? site : null, origin), null, false);
    }
}
