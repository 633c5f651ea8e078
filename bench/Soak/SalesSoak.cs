using System.Globalization;
using System.Runtime.InteropServices;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;
using AuctionTracker.Support;

namespace AuctionTracker.Bench.Soak;

/// <summary>
/// Kills Auctioneer, Settlement, the broker and the mail server at random while auctions open and close, and then checks that each auction was
/// sold, settled and mailed once.
/// </summary>
internal static class SalesSoak
{
    private const int OpenAuctions = 100;
    private const int AuctionSeconds = 8;

    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(ProgramRun run, int times, int auctions, int seed, CancellationToken stop)
    {
        using var folder = new TempFolder();
        await using var broker = await RunningBroker.StartAsync(
            new BrokerRequest { Killable = true, NeedsAdminSite = true }, line => run.Log.Information("{Line}", line), run.Time, stop);
        await using var mails = new MailLedger(await MailServer.StartAsync());
        await File.WriteAllTextAsync(
            folder[".env.toml"],
            $"""
            outgoing_email_host = "localhost"
            outgoing_email_port = {mails.Port}
            outgoing_email_address = "seller@example.com"
            receiver_email_address = "boss@example.com"
            [broker]
            heartbeat = 3
            wait = true
            [settlement]
            mail_winners = true
            """, stop);
        await SalesLedger.DeclareAsync(broker.Uri, stop);
        var programs = new Dictionary<string, OwnedProcess>
        {
            ["Auctioneer"] = Start("Auctioneer", folder, broker, "--quiet"),
            ["Settlement"] = Start("Settlement", folder, broker, "--quiet"),
        };
        await using var producer = Start(
            "Producer.V3", folder, broker, "--quiet", "--monitor", "n", "--interval", "0.004", "--auctions", Text(OpenAuctions),
            "--auction-time", Text(AuctionSeconds), "--seed", Text(seed));

        var random = new Random(seed);
        var start = run.Time.GetTimestamp();
        var end = TimeSpan.FromSeconds(auctions / (double)OpenAuctions * AuctionSeconds);
        var kills = new Dictionary<string, int>();
        for (var kill = 0; (kill < times || run.Time.GetElapsedTime(start) < end) && !stop.IsCancellationRequested; kill++)
        {
            // The kills are spread over the time that the auctions take.
            var pause = kill < times ? (end - run.Time.GetElapsedTime(start)) / (times - kill) : end - run.Time.GetElapsedTime(start);
            await Task.Delay(pause > TimeSpan.Zero ? pause * (0.5 + random.NextDouble()) : TimeSpan.Zero, run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (kill >= times)
            {
                break;
            }

            var name = (string[])["Auctioneer", "Settlement", "broker", "mail server"] is var all ? all[random.Next(all.Length)] : "";
            kills[name] = kills.GetValueOrDefault(name) + 1;
            run.Log.Information("Kill {Number}: {Name}.", kill + 1, name);
            switch (name)
            {
                case "broker":
                    await broker.KillAsync();
                    await Task.Delay(TimeSpan.FromSeconds(2 * random.NextDouble()), run.Time, CancellationToken.None);
                    await broker.RestartAsync(ct: CancellationToken.None);
                    break;
                case "mail server":
                    await mails.KillAsync(TimeSpan.FromSeconds(2 * random.NextDouble()), run.Time);
                    break;
                default:
                    programs[name].Kill();
                    await programs[name].DisposeAsync();
                    programs[name] = Start(name, folder, broker, "--quiet");
                    break;
            }
        }

        producer.Send(PosixSignal.SIGTERM);
        _ = await producer.Exited is not 0 and var code ? throw new ProgramException($"The producer ended with exit code {code}.") : 0;
        var ledger = new SalesLedger(broker.Uri, mails);
        await ledger.WaitAsync(DrainTimeout, run.Time, stop);
        foreach (var program in programs.Values)
        {
            program.Send(PosixSignal.SIGTERM);
            _ = await program.Exited;
            await program.DisposeAsync();
        }

        Console.WriteLine($"killed with -9: {string.Join(", ", kills.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => $"{k.Key} {k.Value}"))}");
        if (await ledger.PrintAsync(folder["data/settlement.db"]) is > 0 and var wrong)
        {
            throw new ProgramException($"{wrong} auctions are lost, twice, or wrong.");
        }
    }

    private static OwnedProcess Start(string name, TempFolder folder, RunningBroker broker, params string[] arguments) => OwnedProcess.StartProgram(
        name, arguments, new Dictionary<string, string?> { ["AUCTION_BROKER"] = broker.Uri.ToString() }, folder.Path,
        line =>
        {
            if (line.Contains(" CRITICAL ", StringComparison.Ordinal))
            {
                Console.Error.WriteLine($"{name} | {line}");
            }
        },
        Console.Error.WriteLine);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
