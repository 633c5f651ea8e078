namespace AuctionTracker.LocalBroker.Discovery;

/// <summary>Reads and writes amqp:// and amqps:// addresses.</summary>
internal static class AmqpAddress
{
    /// <summary>The port a broker listens on unless told otherwise; its admin site is 10,000 higher.</summary>
    public const int DefaultPort = 5672;

    public static Uri Local(int port) => new($"amqp://guest:guest@localhost:{port}/");

    /// <summary>Reads AUCTION_BROKER: one address, or several with commas between them.</summary>
    public static IReadOnlyList<Uri> ParseList(string text) => [.. text
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select((entry, index) => Uri.TryCreate(entry, UriKind.Absolute, out var uri) && uri.Scheme is "amqp" or "amqps"
            ? uri
            : throw new BrokerUnavailableException( // without the entry's text: it may hold a password
                $"Address {index + 1} in AUCTION_BROKER is not one like amqp://user:password@host:5672/: correct it."))];

    /// <summary>The address without its password, for messages.</summary>
    public static string Redacted(this Uri broker)
    {
        var user = broker.UserInfo.Length == 0 ? "" : $"{broker.UserInfo.Split(':')[0]}:***@";
        return $"{broker.Scheme}://{user}{broker.Host}:{broker.AmqpPort()}{broker.AbsolutePath}";
    }

    public static Uri AdminSite(this Uri broker, int? port = null) => broker.Scheme == "amqps"
        ? new($"https://{broker.Host}:{port ?? broker.AmqpPort() + 10_000}/")
        : new($"http://{broker.Host}:{port ?? broker.AmqpPort() + 10_000}/");

    private static int AmqpPort(this Uri broker) =>
        broker.Port > 0 ? broker.Port : broker.Scheme == "amqps" ? DefaultPort - 1 : DefaultPort;
}
