using System.Diagnostics.CodeAnalysis;
using AuctionTracker.Bench.Pump;

/// <summary>
/// Called by the runtime before Main in each program that is measured, through DOTNET_STARTUP_HOOKS: the suite's programs and
/// the bare ones are measured from the inside in the same way, and none of them knows.
/// </summary>
[SuppressMessage("Design", "CA1050", Justification = "The runtime looks for this name without a namespace.")]
internal static class StartupHook
{
    public static void Initialize() => SampleTaker.Start(Environment.GetEnvironmentVariable(SampleTaker.FileVariable)!);
}
