using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;
using RabbitMQ.Client;

namespace AuctionTracker.DeadLetters.Queue;

/// <summary>Identifies a dead letter. A message that fails again after a replay has one more death, so it is another dead letter.</summary>
/// <param name="Id">Its <c>message_id</c>, or the SHA-256 of its body where it has none. Safe to print.</param>
/// <param name="Deaths">How often it was dead-lettered.</param>
internal readonly record struct DeadLetterKey(string Id, int Deaths);

/// <summary>Where a dead letter is replayed to.</summary>
/// <param name="Exchange">An exchange, or "" for the default one.</param>
/// <param name="RoutingKey">The routing key; for the default exchange a queue's name.</param>
internal sealed record Destination(string Exchange, string RoutingKey)
{
    public override string ToString() => Exchange.Length == 0 ? $"queue {RoutingKey}" : $"exchange {Exchange} with key {RoutingKey}";
}

/// <summary>A message in the queue of dead letters. Except for <see cref="Key"/>, its texts are untrusted.</summary>
internal sealed class DeadLetter
{
    private const string SuiteHeaders = "auction-";

    /// <summary>The broker's own record of dead-lettering: a quorum queue dead-letters after too many failed deliveries.</summary>
    private const string XDeath = "x-death";

    private const int MaxNameBytes = 255;

    private readonly IDictionary<string, object?> _headers;
    private readonly Dictionary<string, object?> _xDeath;

    public DeadLetter(BasicGetResult message)
    {
        (Tag, Properties, Body) = (message.DeliveryTag, message.BasicProperties, message.Body);
        _headers = Properties.Headers ?? new Dictionary<string, object?>();
        MessageId = Properties.MessageId is { Length: > 0 } id ? id : Convert.ToHexStringLower(SHA256.HashData(Body.Span));
        _xDeath = _headers.TryGetValue(XDeath, out var deaths) &&
            AmqpValue.ToPlain(deaths) is List<object?> and [Dictionary<string, object?> last, ..] ? last : [];
        Key = new DeadLetterKey(UntrustedText.Clean(MessageId), Number(DeadLetterHeaders.Deaths) + (_xDeath.Count > 0 ? 1 : 0));
    }

    public DeadLetterKey Key { get; }

    /// <summary>The delivery tag, valid on the channel that got the message.</summary>
    public ulong Tag { get; }

    public IReadOnlyBasicProperties Properties { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The queue it was in before.</summary>
    public string? Queue => Text(DeadLetterHeaders.Queue) ?? _xDeath.GetValueOrDefault("queue") as string;

    public string? Reason =>
        Text(DeadLetterHeaders.Reason) ?? (_xDeath.GetValueOrDefault("reason") is string reason ? $"RabbitMQ gave it up: {reason}" : null);

    public int Attempts => Number(DeadLetterHeaders.Attempts);

    /// <summary>When it was dead-lettered, if a header says so.</summary>
    public DateTimeOffset? Time =>
        DateTimeOffset.TryParse(TimeText, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    /// <summary>Where it was published to first, or <see langword="null"/> if no header says so or a name is too long.</summary>
    public Destination? Origin =>
        Exchange is { } exchange && RoutingKey is { } key &&
        Encoding.UTF8.GetByteCount(exchange) <= MaxNameBytes && Encoding.UTF8.GetByteCount(key) <= MaxNameBytes
            ? new Destination(exchange, key)
            : null;

    /// <summary>The body as text, or <see langword="null"/> if it is not UTF-8.</summary>
    public string? BodyText => Utf8.IsValid(Body.Span) ? Encoding.UTF8.GetString(Body.Span) : null;

    private string MessageId { get; }

    private string? Exchange => Text(DeadLetterHeaders.Exchange) ?? _xDeath.GetValueOrDefault("exchange") as string;

    private string? RoutingKey =>
        Text(DeadLetterHeaders.RoutingKey) ??
        (_xDeath.GetValueOrDefault("routing-keys") is List<object?> and [string key, ..] ? key : null);

    private string? TimeText => Text(DeadLetterHeaders.Time) ?? _xDeath.GetValueOrDefault("time") as string;

    /// <summary>The properties of the original message, and the number of its deaths.</summary>
    public BasicProperties PropertiesForReplay()
    {
        var headers = _headers.Where(h => !(IsOurs(h.Key) || IsBrokers(h.Key))).ToDictionary();
        if (Key.Deaths > 0)
        {
            headers[DeadLetterHeaders.Deaths] = Key.Deaths;
        }

        var properties = new BasicProperties(Properties) { MessageId = MessageId, Headers = headers.Count > 0 ? headers : null };

        // The broker closes the channel that publishes the user_id of another user.
        properties.ClearUserId();
        return properties;
    }

    /// <summary>All of it, in reading order, with values that JSON has.</summary>
    public Dictionary<string, object?> Describe()
    {
        var all = new Dictionary<string, object?>
        {
            ["message_id"] = MessageId,
            ["queue"] = Queue,
            ["exchange"] = Exchange,
            ["routing_key"] = RoutingKey,
            ["reason"] = Reason,
            ["error"] = Text(DeadLetterHeaders.Error) is { Length: > 0 } error ? error : null,
            ["attempts"] = Attempts,
            ["deaths"] = Key.Deaths,
            ["first_time"] = Text(DeadLetterHeaders.FirstTime),
            ["time"] = TimeText,
            ["program"] = Text(DeadLetterHeaders.Program),
            ["content_type"] = Properties.ContentType,
            ["content_encoding"] = Properties.ContentEncoding,
            ["delivery_mode"] = Properties.IsDeliveryModePresent() ? (int)Properties.DeliveryMode : null,
            ["priority"] = Properties.IsPriorityPresent() ? Properties.Priority : null,
            ["correlation_id"] = Properties.CorrelationId,
            ["reply_to"] = Properties.ReplyTo,
            ["expiration"] = Properties.Expiration,
            ["timestamp"] = Properties.IsTimestampPresent() ? AmqpValue.ToPlain(Properties.Timestamp) : null,
            ["type"] = Properties.Type,
            ["user_id"] = Properties.UserId,
            ["app_id"] = Properties.AppId,
            ["cluster_id"] = Properties.ClusterId,
            ["headers"] = _headers.Where(h => !IsOurs(h.Key)).ToDictionary(h => h.Key, h => AmqpValue.ToPlain(h.Value)),
        };
        var text = BodyText;
        all[text is null ? "body_base64" : "body"] = text ?? Convert.ToBase64String(Body.Span);
        return all;
    }

    private static bool IsOurs(string header) => header.StartsWith(SuiteHeaders, StringComparison.Ordinal);

    private static bool IsBrokers(string header) =>
        header is XDeath or "x-delivery-count" or "x-acquired-count" ||
        header.StartsWith("x-first-death-", StringComparison.Ordinal) || header.StartsWith("x-last-death-", StringComparison.Ordinal);

    private string? Text(string header) =>
        _headers.TryGetValue(header, out var value) ? AmqpValue.ToPlain(value) as string : null;

    private int Number(string header) => _headers.TryGetValue(header, out var value) && value is int or long or short or byte
        ? (int)Math.Clamp(Convert.ToInt64(value, CultureInfo.InvariantCulture), 0, int.MaxValue)
        : 0;
}
