using System.Diagnostics.CodeAnalysis;
using AuctionTracker.Bench.Pump;

/// <summary>
/// Starts the sampler in each measured program. The runtime calls it before Main, through DOTNET_STARTUP_HOOKS, so that the
/// programs of both contenders are measured in the same way without a change.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name without a namespace.")]
internal static class StartupHook
{
    public static void Initialize() => CounterSampler.Start(Environment.GetEnvironmentVariable(CounterSampler.FileVariable)!);
}
