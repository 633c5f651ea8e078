using System.Text;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Support;
using RabbitMQ.Client;

namespace AuctionTracker.Integration.Tests.DeadLetters;

/// <summary>Publishes dead letters as the suite's consumers do.</summary>
internal static class TestDeadLetters
{
    public const string Program = "DeadLetters";

    /// <summary>Publishes valid bids that came from v1's queue, and declares that queue. Their ids are m-0001 and so on.</summary>
    public static Task PutAsync(Uri broker, int count) =>
        PutAsync(broker, [.. Enumerable.Range(1, count).Select(i => Letter($"m-{i:0000}", BidJson.Write(Some.Bid(i))))]);

    public static async Task PutAsync(Uri broker, params IReadOnlyList<(BasicProperties Properties, byte[] Body)> letters)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync(AuctionTopology.SingleQueue, durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync(AuctionTopology.DeadLetterQueue, durable: true, exclusive: false, autoDelete: false);
        await Task.WhenAll(letters.Select(l =>
            channel.BasicPublishAsync("", AuctionTopology.DeadLetterQueue, mandatory: true, l.Properties, l.Body).AsTask()));
    }

    /// <summary>A dead letter, by default from v1's queue and of now.</summary>
    public static (BasicProperties Properties, byte[] Body) Letter(
        string id, byte[] body, string reason = "the mail was refused", string queue = AuctionTopology.SingleQueue, TimeSpan age = default)
    {
        var time = Bid.Format(TimeProvider.System.GetUtcNow() - age);
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = id,
            AppId = "somebody",
            Headers = new Dictionary<string, object?>
            {
                ["mine"] = "kept",
                [DeadLetterHeaders.Reason] = reason,
                [DeadLetterHeaders.Error] = "MailException",
                [DeadLetterHeaders.Attempts] = 5,
                [DeadLetterHeaders.Deaths] = 1,
                [DeadLetterHeaders.FirstTime] = time,
                [DeadLetterHeaders.Time] = time,
                [DeadLetterHeaders.Queue] = queue,
                [DeadLetterHeaders.Exchange] = "",
                [DeadLetterHeaders.RoutingKey] = queue,
                [DeadLetterHeaders.Program] = "consumer_v4.0",
            },
        };
        return (properties, body);
    }

    public static string? HeaderOf(BasicGetResult message, string name) => message.BasicProperties.Headers![name] switch
    {
        byte[] text => Encoding.UTF8.GetString(text),
        var value => value?.ToString(),
    };

    /// <summary>Takes all messages out of a queue.</summary>
    /// <returns>Their ids, from the head of the queue.</returns>
    public static async Task<IReadOnlyList<string?>> DrainIdsAsync(Uri broker, string queue) =>
        [.. (await PlainClient.DrainAsync(broker, queue)).Select(m => m.BasicProperties.MessageId)];

    public static Task<(int ExitCode, IReadOnlyList<string> Texts)> RunAsync(Uri broker, TempFolder folder, params IEnumerable<string> arguments) =>
        ProgramUnderTest.RunAsync(Program, folder, broker, arguments);
}
