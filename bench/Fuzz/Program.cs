// Fuzz: feeds hostile message bodies to the parser, and the bids it accepts to everything that shows a bid. Usage: Fuzz [COUNT [SEED]]
// Each body must give a bid or a printable reason, and nothing may throw.
using System.Globalization;
using AuctionTracker.Alerts;
using AuctionTracker.Alerts.Mail;
using AuctionTracker.Bench.Fuzz;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Messaging;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000;
var seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var inputs = new FuzzInputs(seed);
var reasons = new Dictionary<string, int>();
var (bids, start) = (0, TimeProvider.System.GetTimestamp());

for (var i = 0; i < count; i++)
{
    var body = inputs.Next();
    if (BidJson.TryRead(body, out var bid, out var reason))
    {
        bids++;
        Check(BidJson.TryRead(BidJson.Write(bid), out var again, out _) && again == bid, "a written bid reads back as the same bid", body);
        var alert = Alert.ForBid("fuzz", AlertKind.NewHigh, bid, 1) with { Window = [WindowEntry.From(bid)] };
        var mail = new AlertEmail([alert], "a@example.com", "b@example.com", bid.Timestamp);
        Check(!mail.Subject.Any(char.IsControl) && !mail.TextBody.Any(char.IsControl), "an alert mail has no control characters", body);
        Check(mail.FileName.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'), "a file name is portable", body);
        Check(AuctionTopology.QueueFor(bid.Item).Length <= 255, "a queue name has at most 255 characters", body);
        Check(!UntrustedText.Clean(bid.BidderName).Any(char.IsControl), "a cleaned name has no control characters", body);
    }
    else
    {
        Check(!reason.Any(char.IsControl) && reason.All(char.IsAscii), "a reason is printable ASCII", body);
        var kind = string.Concat(reason.Where(c => !char.IsDigit(c)));
        reasons[kind] = reasons.GetValueOrDefault(kind) + 1;
    }

    if ((i + 1) % Math.Max(1, count / 10) == 0)
    {
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        var liveKiB = GC.GetTotalMemory(forceFullCollection: true) / 1024;
        Console.WriteLine(FormattableString.Invariant($"{i + 1,10:N0} bodies, {bids:N0} bids, {seconds:0.0} s, {liveKiB:N0} KiB live"));
    }
}

foreach (var (reason, times) in reasons.OrderByDescending(r => r.Value).Take(25))
{
    Console.WriteLine(FormattableString.Invariant($"{times,10:N0}  {reason}"));
}

Console.WriteLine(FormattableString.Invariant(
    $"seed {seed}: {count:N0} bodies, {bids:N0} bids, {count - bids:N0} refused for {reasons.Count} kinds of reason, no exception"));

static void Check(bool condition, string rule, byte[] body)
{
    if (!condition)
    {
        throw new InvalidOperationException($"This rule does not hold: {rule}. The body in base64: {Convert.ToBase64String(body)}");
    }
}
