// Demo: one command to see it work. A broker, a producer (or a replayed file), consumer v4 and the dashboard, and at the end the counts.
using AuctionTracker.Core.Hosting;
using AuctionTracker.Demo;
using AuctionTracker.LocalBroker;

const string Green = "32";
const string Blue = "34";
const string Violet = "35";
var options = new DemoOptions();

return await AuctionProgram.RunAsync(
    "demo", "Starts a broker, a producer, consumer v4 and the dashboard, and shows them at work.", options.Definition, args, async (run, stop) =>
{
    await using var broker = await RunningBroker.StartAsync(new BrokerRequest(), line => run.Log.Information("{Line}", line), run.Time, stop);
    await using var dashboard = ChildProgram.Start("Dashboard", Violet, DemoOptions.DashboardArguments(run), broker.Uri, run.Time);
    await dashboard.WhenAsync(d => d.Page is not null, DemoRun.MaxStart);
    run.Log.Information("The dashboard: {Page}", dashboard.Page ?? "its lines above say why it is not there");
    run.Log.Information("RabbitMQ's admin site: {Site}", broker.AdminSite is { } site ? $"{site} (guest / guest)" : "this broker has none");
    run.Log.Information("Alerts{Threshold} go to {Mails}",
        run.Settings.Alerts.Rules.Threshold is { } threshold ? FormattableString.Invariant($" of bids above {threshold:0.00}") : "",
        run.Settings.Mail?.ToString() ?? $"{run.Settings.Alerts.Outbox}/ as .eml files");

    var waitedBefore = await DemoRun.WaitingAsync(broker.Uri, run, stop);
    await using var consumer = ChildProgram.Start("Consumer.V4", Green, DemoOptions.ConsumerArguments(run), broker.Uri, run.Time);
    await using var source = ChildProgram.Start(options.IsReplay(run) ? "Replay" : "Producer.V3", Blue, options.SourceArguments(run), broker.Uri, run.Time);
    await DemoRun.RunAsync(source, consumer, waitedBefore, broker, stop);

    var counts = CountsTable.Of(waitedBefore, source, consumer);
    counts.Print();
    if (!counts.AddsUp || await source.Ended != 0 || await consumer.Ended != 0)
    {
        throw new ProgramException("The counts do not add up, or a program failed; the lines above say where.");
    }
});
