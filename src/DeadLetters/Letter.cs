using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using AuctionTracker.Core.Hosting;
using RabbitMQ.Client;
using static AuctionTracker.Core.Messaging.DeadLetters;

namespace AuctionTracker.Letters;

/// <summary>What tells a letter from all others: one that was sent back and failed again has died once more.</summary>
/// <param name="Id">Its <c>message_id</c>, or the SHA-256 of its body where it has none; cleaned, as it is shown.</param>
/// <param name="Deaths">How often it came to the dead letters.</param>
internal readonly record struct LetterKey(string Id, int Deaths);

/// <summary>Where a letter goes.</summary>
/// <param name="Exchange">An exchange, or "" for the default one.</param>
/// <param name="RoutingKey">The routing key; for the default exchange a queue's name.</param>
internal sealed record Destination(string Exchange, string RoutingKey)
{
    public override string ToString() => Exchange.Length == 0 ? $"queue {RoutingKey}" : $"exchange {Exchange} with key {RoutingKey}";
}

/// <summary>A message among the dead letters. All of its texts are outside texts, but for its key.</summary>
internal sealed class Letter
{
    private const string OurHeaders = "auction-";

    /// <summary>How often a quorum queue's message was given back; the broker sets it.</summary>
    private const string ReturnsHeader = "x-delivery-count";

    /// <summary>What the broker says of the letters it put here itself: a quorum queue does, after too many deliveries.</summary>
    private const string BrokersHeader = "x-death";

    private const int MaxNameBytes = 255;

    private readonly IDictionary<string, object?> _headers;
    private readonly Dictionary<string, object?> _death;

    public Letter(BasicGetResult message)
    {
        (Tag, Properties, Body) = (message.DeliveryTag, message.BasicProperties, message.Body);
        _headers = Properties.Headers ?? new Dictionary<string, object?>();
        MessageId = Properties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Body.Span));
        _death = AmqpValue.Plain(_headers.TryGetValue(BrokersHeader, out var deaths) ? deaths : null) is List<object?> and [Dictionary<string, object?> last, ..] ? last : [];
        Key = new LetterKey(UntrustedText.Clean(MessageId), Number(DeathsHeader) + (_death.Count > 0 ? 1 : 0));
    }

    public LetterKey Key { get; }

    public ulong Tag { get; }

    public IReadOnlyBasicProperties Properties { get; }

    public ReadOnlyMemory<byte> Body { get; }

    public string? Queue => Text(QueueHeader) ?? _death.GetValueOrDefault("queue") as string;

    public string? Reason => Text(ReasonHeader) ?? (_death.GetValueOrDefault("reason") is string reason ? $"RabbitMQ gave it up: {reason}" : null);

    public int Attempts => Number(AttemptsHeader);

    /// <summary>How often it was read and given back, where the dead letters are a quorum queue.</summary>
    public int Returns => Number(ReturnsHeader);

    /// <summary>When it was given up, where it says so.</summary>
    public DateTimeOffset? Time =>
        DateTimeOffset.TryParse(TimeText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Where it was published to before it died, or <see langword="null"/> where it does not say so.</summary>
    public Destination? Origin =>
        Exchange is { } exchange && RoutingKey is { } key &&
        Encoding.UTF8.GetByteCount(exchange) <= MaxNameBytes && Encoding.UTF8.GetByteCount(key) <= MaxNameBytes
            ? new Destination(exchange, key)
            : null;

    /// <summary>The body as text, or <see langword="null"/> where it is none.</summary>
    public string? BodyText => Utf8.IsValid(Body.Span) ? Encoding.UTF8.GetString(Body.Span) : null;

    private string MessageId { get; }

    private string? Exchange => Text(ExchangeHeader) ?? _death.GetValueOrDefault("exchange") as string;

    private string? RoutingKey =>
        Text(RoutingKeyHeader) ?? (_death.GetValueOrDefault("routing-keys") is List<object?> and [string key, ..] ? key : null);

    private string? TimeText => Text(TimeHeader) ?? _death.GetValueOrDefault("time") as string;

    /// <summary>The properties it had before it died, and the count of its deaths: what fails again goes on counting.</summary>
    public BasicProperties PropertiesForReplay()
    {
        var headers = _headers.Where(h => !(IsOurs(h.Key) || IsBrokers(h.Key))).ToDictionary();
        if (Key.Deaths > 0)
        {
            headers[DeathsHeader] = Key.Deaths;
        }

        var properties = new BasicProperties(Properties) { MessageId = MessageId, Headers = headers.Count > 0 ? headers : null };

        // The broker takes a user_id only from that very user, and closes the channel of any other.
        properties.ClearUserId();
        return properties;
    }

    /// <summary>Everything about it, in the order it is read, ready for JSON.</summary>
    public Dictionary<string, object?> Describe()
    {
        var all = new Dictionary<string, object?>
        {
            ["message_id"] = MessageId,
            ["queue"] = Queue,
            ["exchange"] = Exchange,
            ["routing_key"] = RoutingKey,
            ["reason"] = Reason,
            ["error"] = Text(ErrorHeader) is { Length: > 0 } error ? error : null,
            ["attempts"] = Attempts,
            ["deaths"] = Key.Deaths,
            ["first_time"] = Text(FirstTimeHeader),
            ["time"] = TimeText,
            ["program"] = Text(ProgramHeader),
            ["content_type"] = Properties.ContentType,
            ["content_encoding"] = Properties.ContentEncoding,
            ["delivery_mode"] = Properties.IsDeliveryModePresent() ? (int)Properties.DeliveryMode : null,
            ["priority"] = Properties.IsPriorityPresent() ? Properties.Priority : null,
            ["correlation_id"] = Properties.CorrelationId,
            ["reply_to"] = Properties.ReplyTo,
            ["expiration"] = Properties.Expiration,
            ["timestamp"] = Properties.IsTimestampPresent() ? AmqpValue.Plain(Properties.Timestamp) : null,
            ["type"] = Properties.Type,
            ["user_id"] = Properties.UserId,
            ["app_id"] = Properties.AppId,
            ["cluster_id"] = Properties.ClusterId,
            ["headers"] = _headers.Where(h => !IsOurs(h.Key)).ToDictionary(h => h.Key, h => AmqpValue.Plain(h.Value)),
        };
        var text = BodyText;
        all[text is null ? "body_base64" : "body"] = text ?? Convert.ToBase64String(Body.Span);
        return all;
    }

    private static bool IsOurs(string header) => header.StartsWith(OurHeaders, StringComparison.Ordinal);

    private static bool IsBrokers(string header) =>
        header is ReturnsHeader or BrokersHeader ||
        header.StartsWith("x-first-death-", StringComparison.Ordinal) || header.StartsWith("x-last-death-", StringComparison.Ordinal);

    private string? Text(string header) =>
        _headers.TryGetValue(header, out var value) ? AmqpValue.Plain(value) as string : null;

    private int Number(string header) => _headers.TryGetValue(header, out var value) && value is int or long or short or byte
        ? (int)Math.Clamp(Convert.ToInt64(value, CultureInfo.InvariantCulture), 0, int.MaxValue)
        : 0;
}
