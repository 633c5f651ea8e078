using AuctionTracker.Support;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The dashboard as a process of its own.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private RunningDashboard(ProgramUnderTest program, Uri address) => (Program, Address) = (program, address);

    public ProgramUnderTest Program { get; }

    public Uri Address { get; }

    public HttpClient Http { get; } = new(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });

    public static Task<RunningDashboard> StartAsync(TempFolder folder, Uri? broker, params IEnumerable<string> flags) =>
        StartAsync(folder, broker, port: 0, flags);

    public static async Task<RunningDashboard> StartAsync(TempFolder folder, Uri? broker, int port, IEnumerable<string> flags)
    {
        var program = ProgramUnderTest.Start("Dashboard", folder, broker, ["--port", $"{port}", "--open", "n", .. flags]);
        var line = await program.LineAsync("The dashboard is at");
        return new RunningDashboard(program, new Uri(line.Split(' ')[4]));
    }

    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri(Address, path));

    /// <summary>Waits until bids can arrive: what is published before is not shown.</summary>
    public Task IsLiveAsync() => Eventually.TrueAsync("the dashboard's queue is bound", async () => (await Http.GetAsync(new Uri(Address, "healthz"))).IsSuccessStatusCode);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Program.DisposeAsync();
    }
}
