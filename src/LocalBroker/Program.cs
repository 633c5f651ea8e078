// LocalBroker: a RabbitMQ on this machine until Ctrl+C. It keeps its queues and messages for the next start.
using System.CommandLine;
using AuctionTracker.Core.Hosting;
using AuctionTracker.LocalBroker;

var port = new Option<int>("--port") { Description = "The AMQP port; a cluster's further nodes get the next ones.", HelpName = "PORT", DefaultValueFactory = _ => 5672 };
var adminPort = new Option<int>("--admin-port") { Description = "The admin site's port; a cluster's further nodes get the next ones.", HelpName = "PORT", DefaultValueFactory = _ => 15672 };
var data = new Option<string>("--data") { Description = "Where queues and messages are kept.", HelpName = "DIR", DefaultValueFactory = _ => "data/broker" };
var nodes = new Option<int>("--nodes") { Description = "How many nodes; more than one are a cluster on this machine.", HelpName = "N", DefaultValueFactory = _ => 1 };
nodes.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() is < 1 or > 7)
    {
        result.AddError("--nodes must be from 1 to 7; 3 make a cluster that can lose one.");
    }
});
var definition = new ProgramDefinition([], _ => [], counts => counts.Received, "Broker interrupted. Stopping.") { Options = [port, adminPort, data, nodes] };

return await AuctionProgram.RunAsync(
    "local_broker", "Starts a RabbitMQ where none runs.", definition, args, async (run, stop) =>
{
    var request = new BrokerRequest
    {
        Port = run.Arguments.GetValue(port),
        AdminPort = run.Arguments.GetValue(adminPort),
        Folder = run.Arguments.GetValue(data),
        Nodes = run.Arguments.GetValue(nodes),
    };
    await using var broker = await RunningBroker.StartAsync(request, line => run.Log.Information("{Line}", line), run.Time, stop);
    run.Log.Information("Broker: amqp://{Host}:{Port}/ - admin site: {Site} (guest / guest)", broker.Uri.Host, broker.Uri.Port, broker.AdminSite?.ToString() ?? "none");
    if (!broker.IsOwn)
    {
        run.Log.Information("It runs already, so there is nothing to start. Stop it where you started it.");
        return;
    }

    if (request.Nodes > 1)
    {
        run.Log.Information("For every program here: --broker {Brokers}", string.Join(',', broker.Uris));
    }

    run.Log.Information("Ctrl+C stops it; its queues are kept in {Folder}.", request.Folder);
    await Task.WhenAny(broker.Ended, Task.Delay(Timeout.InfiniteTimeSpan, run.Time, stop));
    if (!stop.IsCancellationRequested)
    {
        throw new BrokerUnavailableException($"RabbitMQ ended by itself. Its log is in {request.Folder}.");
    }
});
