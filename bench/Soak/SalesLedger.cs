using System.Globalization;
using System.Text.Json;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Messaging;
using AuctionTracker.Core.Settings;
using AuctionTracker.Support;
using Microsoft.Data.Sqlite;

namespace AuctionTracker.Bench.Soak;

/// <summary>
/// Follows each auction outside the programs: the bids that the broker accepted and the messages about sales, from queues of its own, and the
/// mails that the server got.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="mails">The mails.</param>
internal sealed class SalesLedger(Uri broker, MailLedger mails)
{
    private const string BidsTap = "soak_bids";
    private const string SalesTap = "soak_sales";

    private readonly Dictionary<string, Bid> _bids = [];
    private readonly Dictionary<string, (string Key, JsonElement Body, int Times)> _messages = [];

    public static async Task DeclareAsync(Uri broker, CancellationToken cancel)
    {
        await using var connection = await Rabbit.ConnectAsync(broker);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancel);
        var settings = new BrokerSettings([broker], QuorumQueues: false, TimeSpan.FromSeconds(10), 1, TimeSpan.FromSeconds(30));
        await AuctionTopology.DeclareItemQueuesAsync(channel, SoakPrograms.Items, settings, cancel);
        await AuctionTopology.DeclareSalesAsync(channel, settings, cancel);
        foreach (var (queue, exchange) in ((string, string)[])[(BidsTap, AuctionTopology.BidsExchange), (SalesTap, AuctionTopology.SalesExchange)])
        {
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: cancel);
            await channel.QueueBindAsync(queue, exchange, "#", cancellationToken: cancel);
        }
    }

    /// <summary>Waits until each auction is closed, each sale settled, and each winner mailed.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken stop)
    {
        var start = time.GetTimestamp();
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, stop);
            await ReadAsync();
        }
        while (time.GetElapsedTime(start) < timeout
            && (Of("sold.").Count + Of("unsold.").Count < Auctions.Count || Of("settled.").Count < Of("sold.").Count || mails.Mails.Count < Of("sold.").Count));
    }

    /// <summary>Prints what became of each auction.</summary>
    /// <param name="settlements">The database of Settlement.</param>
    /// <returns>The number of auctions that are lost, twice, or wrong.</returns>
    public async Task<int> PrintAsync(string settlements)
    {
        await ReadAsync();
        var late = (await QueryAsync(Path.Combine(Path.GetDirectoryName(settlements)!, "auctions.db"), "SELECT message_id, auction_id FROM late_bids")).ToDictionary(row => row[0], row => row[1]);
        var (sold, unsold, settled) = (Of("sold."), Of("unsold."), Of("settled."));
        List<JsonElement> closed = [.. sold, .. unsold];
        var auctions = Auctions.Where(auction => auction.Value.Any(bid => !late.ContainsKey(bid.Key))).Select(auction => auction.Key).ToHashSet();
        var once = closed.Select(Auction).Distinct().Count();
        var wrongBids = closed.Count(message =>
        {
            var counted = Auctions[Auction(message)].Where(pair => !late.ContainsKey(pair.Key)).ToList();
            return message.GetProperty("bids").GetInt32() != counted.Count || message.GetProperty("highest_amount").GetDecimal() != counted.Max(pair => pair.Value.Amount);
        });
        var notSettled = sold.Select(Auction).Except(settled.Select(Auction)).Count();
        var settledTwice = settled.Count - settled.Select(Auction).Distinct().Count();
        var rows = await QueryAsync(settlements, "SELECT count(*) FROM sales WHERE settled IS NOT NULL UNION ALL SELECT -sum(change) FROM stock_changes WHERE cause = 'sold'");
        var stock = (await QueryAsync(settlements, "SELECT count(*) FROM stock WHERE quantity <> (SELECT sum(change) FROM stock_changes WHERE stock_changes.item = stock.item)"))[0][0];
        var (sent, sentAgain) = (mails.Mails.Count, mails.Mails.Values.Sum(times => times - 1));
        Console.WriteLine(FormattableString.Invariant($"""

            accepted by the broker    {_bids.Count,8}  bids, by message_id; {late.Count} of them after closing
            auctions                  {auctions.Count,8}  that have a bid before closing
            closed                    {closed.Count,8}  messages, by message_id: {sold.Count} sold, {unsold.Count} unsold; {Repeats("sold.") + Repeats("unsold.")} published again
              lost                    {auctions.Count - once,8}
              twice                   {closed.Count - once,8}
              wrong                   {wrongBids,8}  number of bids or highest amount
            settled                   {settled.Count,8}  messages, by message_id; {Repeats("settled.")} published again
              lost                    {notSettled,8}
              twice                   {settledTwice,8}
            taken from stock          {rows[1][0],8}  for {rows[0][0]} settled sales; items whose changes do not add up: {stock}
            mails                     {sent,8}  by Message-Id; {sentAgain} sent again with the same one
              lost                    {sold.Count - sent,8}
            """));
        return Math.Abs(auctions.Count - once) + (closed.Count - once) + wrongBids + notSettled + settledTwice + Math.Abs(sold.Count - sent)
            + (rows[1][0] == rows[0][0] && stock == "0" && rows[0][0] == sold.Count.ToString(CultureInfo.InvariantCulture) ? 0 : 1);
    }

    /// <summary>The accepted bids of each auction.</summary>
    private Dictionary<string, List<KeyValuePair<string, Bid>>> Auctions => _bids.Where(pair => pair.Value.AuctionId is not null)
        .GroupBy(pair => pair.Value.AuctionId!).ToDictionary(group => group.Key, group => group.ToList());

    private static string Auction(JsonElement message) => message.GetProperty("auction_id").GetString()!;

    private List<JsonElement> Of(string key) => [.. _messages.Values.Where(m => m.Key.StartsWith(key, StringComparison.Ordinal)).Select(m => m.Body)];

    private int Repeats(string key) => _messages.Values.Where(m => m.Key.StartsWith(key, StringComparison.Ordinal)).Sum(m => m.Times - 1);

    private async Task ReadAsync()
    {
        foreach (var message in await PlainClient.DrainAsync(broker, BidsTap))
        {
            if (BidJson.TryRead(message.Body.Span, out var bid, out _))
            {
                _bids[message.BasicProperties.MessageId!] = bid;
            }
        }

        foreach (var message in await PlainClient.DrainAsync(broker, SalesTap))
        {
            var id = message.BasicProperties.MessageId!;
            using var json = JsonDocument.Parse(message.Body);
            _messages[id] = (message.RoutingKey, json.RootElement.Clone(), _messages.GetValueOrDefault(id).Times + 1);
        }
    }

    private static async Task<List<string[]>> QueryAsync(string path, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=false;Mode=ReadOnly");
        await connection.OpenAsync();
        await using var select = connection.CreateCommand();
        select.CommandText = sql;
        await using var reader = await select.ExecuteReaderAsync();
        var rows = new List<string[]>();
        while (await reader.ReadAsync())
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!)]);
        }

        return rows;
    }
}
