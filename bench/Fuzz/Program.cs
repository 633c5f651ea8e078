// Fuzz: hostile bodies through the parser and everything that shows a bid. Each must be a bid or a reason, and fit to print.
using System.Globalization;
using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Bench.Fuzz;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var bodies = new HostileBodies(seed);
var reasons = new Dictionary<string, int>();
var (bids, start) = (0, TimeProvider.System.GetTimestamp());
var memory = new List<long>();

for (var i = 0; i < count; i++)
{
    var body = bodies.Next();
    if (BidJson.TryRead(body, out var bid, out var reason))
    {
        bids++;
        Check(BidJson.TryRead(BidJson.Write(bid), out var again, out _) && again == bid, "a bid is read as it was written", body);
        var mail = new AlertEmail([Alert.ForBid("fuzz", AlertKind.NewHigh, bid, 1) with { Window = [WindowEntry.From(bid)] }], "a@example.com", "b@example.com", bid.Timestamp);
        Check(!mail.Subject.Any(char.IsControl) && !mail.TextBody.Any(char.IsControl), "a mail has no control characters", body);
        Check(mail.FileName.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'), "a file name is plain", body);
        Check(AuctionTopology.QueueFor(bid.Item).Length <= 255 && !UntrustedText.Clean(bid.BidderName).Any(char.IsControl), "names are plain", body);
    }
    else
    {
        Check(!reason.Any(char.IsControl) && reason.All(char.IsAscii), "a reason is fit to print", body);
        var kind = string.Concat(reason.Where(c => !char.IsDigit(c)));
        reasons[kind] = reasons.GetValueOrDefault(kind) + 1;
    }

    if ((i + 1) % Math.Max(1, count / 10) == 0)
    {
        memory.Add(GC.GetTotalMemory(forceFullCollection: true) / 1024);
        Console.WriteLine(FormattableString.Invariant(
            $"{i + 1,10:N0} bodies, {bids:N0} bids, {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s, {memory[^1]:N0} KiB live"));
    }
}

foreach (var (reason, times) in reasons.OrderByDescending(r => r.Value).Take(25))
{
    Console.WriteLine(FormattableString.Invariant($"{times,10:N0}  {reason}"));
}

Console.WriteLine(FormattableString.Invariant($"seed {seed}: {count:N0} bodies, {bids:N0} bids, {count - bids:N0} refused for {reasons.Count} kinds of reason, no exception"));

static void Check(bool holds, string rule, byte[] body)
{
    if (!holds)
    {
        throw new InvalidOperationException($"Broken: {rule}. The body, in base64: {Convert.ToBase64String(body)}");
    }
}
