using System.Net;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Settings;
using AuctionTracker.Dashboard.Components;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Dashboard.Views;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using OpenTelemetry.Metrics;
using Serilog.Extensions.Logging;

namespace AuctionTracker.Dashboard.Web;

/// <summary>The web server of the dashboard.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>A browser that is away for longer loads the page again, which has all of the window at once.</summary>
    private static readonly TimeSpan CircuitRetention = TimeSpan.FromMinutes(1);

    private readonly WebApplication _server;
    private readonly string _address;

    private DashboardServer(WebApplication server, string address) => (_server, _address) = (server, address);

    /// <summary>Starts the server.</summary>
    /// <param name="run">Settings, log and clock.</param>
    /// <param name="feed">The figures.</param>
    /// <param name="ticker">The views.</param>
    /// <param name="stop">Cancels the start.</param>
    /// <exception cref="ProgramException">The port is in use, or the address is not one of this machine.</exception>
    public static async Task<DashboardServer> StartAsync(ProgramRun run, LiveFeed feed, ViewTicker ticker, CancellationToken stop)
    {
        var settings = run.Settings.Dashboard;
        var server = Build(run, settings, feed, ticker);
        try
        {
            await server.StartAsync(stop);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync();
            throw new ProgramException($"The dashboard can't listen on {settings}: {e.GetBaseException().Message}. Choose another port with --port.", e);
        }

        var port = new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        var host = IPAddress.Parse(settings.Listen) is var listen && (IPAddress.IsLoopback(listen) || listen.Equals(IPAddress.Any) || listen.Equals(IPAddress.IPv6Any))
            ? "localhost"
            : settings.Listen;
        return new DashboardServer(server, $"http://{(host.Contains(':') ? $"[{host}]" : host)}:{port}/");
    }

    /// <summary>Says the address of the page, offers to open it, and serves it until <paramref name="stop"/>.</summary>
    /// <param name="run">Settings, log and clock.</param>
    /// <param name="stop">Ends the server.</param>
    public async Task RunAsync(ProgramRun run, CancellationToken stop)
    {
        run.Log.Information("The dashboard is at {Address} until Ctrl+C.", _address);
        await WebPage.OfferAsync("Would you like to open the dashboard? (y/n): ", _address, "Opened the dashboard.", run.Settings.Dashboard.Open, run.Log, stop);
        await Task.Delay(Timeout.InfiniteTimeSpan, run.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.StopAsync(CancellationToken.None);
    }

    /// <summary>Closes all connections.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static WebApplication Build(ProgramRun run, DashboardSettings settings, LiveFeed feed, ViewTicker ticker)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(DashboardServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(settings.Listen), settings.Port);
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Error).AddProvider(new SerilogLoggerProvider(run.LogOf("web")));
        var services = builder.Services;
        services.AddSingleton<IHostLifetime, ProgramLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        services.AddSingleton(run.Time).AddSingleton(feed).AddSingleton(ticker).AddSingleton(new DashboardMetrics(feed, ticker));
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAntiforgery(antiforgery => antiforgery.SuppressXFrameOptionsHeader = true);
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = CircuitRetention;
            circuits.MaxBufferedUnacknowledgedRenderBatches = 4;
        });
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(DashboardMetrics.MeterName)
            .AddView(DashboardMetrics.AmountHistogram, new ExplicitBucketHistogramConfiguration { Boundaries = DashboardMetrics.AmountBounds })
            .AddView(DashboardMetrics.TickHistogram, new ExplicitBucketHistogramConfiguration { Boundaries = DashboardMetrics.TickBounds })
            .AddPrometheusExporter());

        var app = builder.Build();
        var gate = new PasswordGate(settings.Password, run.Time);
        app.Use(new RequestGuard(IPAddress.Parse(settings.Listen)).InvokeAsync);
        app.Use(gate.InvokeAsync);
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.MapStaticAssets();
        app.MapRazorComponents<App>().DisableAntiforgery().AddInteractiveServerRenderMode(mode => mode.ContentSecurityFrameAncestorsPolicy = null);
        app.MapPrometheusScrapingEndpoint();
        app.MapGet("/api/stats", () => StatsApi.Write(ticker.View));
        app.MapGet("/bids.csv", context => BidsCsv.WriteAsync(context, ticker.View));
        app.MapGet("/healthz", () => ticker.View.Status switch
        {
            { IsConnected: true } => Results.Text("Bids can arrive.\n"),
            var status => Results.Text(
                status.WasConnected ? "RabbitMQ is away; the dashboard is dialling.\n" : "RabbitMQ was not reached yet; the dashboard is dialling.\n",
                statusCode: StatusCodes.Status503ServiceUnavailable),
        });
        app.MapGet(PasswordGate.LoginPath, PasswordGate.ShowForm);
        app.MapPost(PasswordGate.LoginPath, (Delegate)gate.LoginAsync).DisableAntiforgery();
        return app;
    }

    /// <summary>The program itself listens for Ctrl+C.</summary>
    private sealed class ProgramLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
