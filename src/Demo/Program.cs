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
    await using var log = new MergedLog(run);
    await using var broker = await RunningBroker.StartAsync(new BrokerRequest(), line => run.Log.Information("{Line}", line), run.Time, stop);
    var waitedBefore = await DemoRun.WaitingAsync(broker.Uri, run, stop);
    using var state = options.HasSales(run) ? SalesPrograms.TakeState() : null; // before the dashboard reads it
    await using var dashboard = ChildProgram.Start("Dashboard", Violet, DemoOptions.DashboardArguments(run), broker.Uri, run.Time, options.Databases(run));
    await dashboard.WhenAsync(d => d.Page is not null, DemoRun.MaxStart);
    options.LogPlaces(run, broker, dashboard.Page);

    await using var sales = options.HasSales(run) ? await SalesPrograms.StartAsync(options, run, broker.Uri, stop) : null;
    await using var consumer = ChildProgram.Start("Consumer.V4", Green, DemoOptions.ConsumerArguments(run), broker.Uri, run.Time);
    await using var source = ChildProgram.Start(options.IsReplay(run) ? "Replay" : "Producer.V3", Blue, options.SourceArguments(run), broker.Uri, run.Time);
    await DemoRun.RunAsync(source, consumer, sales, waitedBefore, broker, stop);

    var counts = CountsTable.Of(waitedBefore, source, consumer, sales);
    counts.Print();
    await DemoRun.RequireSuccessAsync([source, consumer, .. sales?.All ?? []]);
    if (!counts.AddsUp)
    {
        throw new ProgramException("The counts do not add up; the lines above say where.");
    }
});
