using System.Text.Json;
using AuctionTracker.Support;
using RabbitMQ.Client;

namespace AuctionTracker.Integration.Tests.Sales;

/// <summary>A queue that looks on at the exchange of sales. Each message is there once, however often it was sent.</summary>
internal sealed class SalesQueue : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly Dictionary<string, JsonElement> _messages = [];
    private string _queue = "";

    private SalesQueue(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>The number of messages that came, repeats among them.</summary>
    public int Deliveries { get; private set; }

    public static async Task<SalesQueue> OpenAsync(Uri broker, string key = "#")
    {
        var connection = await Rabbit.ConnectAsync(broker);
        var channel = await connection.CreateChannelAsync();
        var queue = new SalesQueue(connection, channel) { _queue = (await channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true)).QueueName };
        await channel.ExchangeDeclareAsync("auction_sales", ExchangeType.Topic, durable: true);
        await channel.QueueBindAsync(queue._queue, "auction_sales", key);
        return queue;
    }

    /// <summary>The messages that came so far.</summary>
    public async Task<IReadOnlyCollection<JsonElement>> MessagesAsync()
    {
        while (await _channel.BasicGetAsync(_queue, autoAck: true) is { } message)
        {
            Deliveries++;
            _messages[message.BasicProperties.MessageId!] = JsonDocument.Parse(message.Body).RootElement.Clone();
        }

        return _messages.Values;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
