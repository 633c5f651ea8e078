// Parts: micro-benchmarks of the code that every bid runs through.
//   dotnet run -c Release --project bench/Parts -- --filter '*'
//   (faster: --job short; one class: --filter '*RollingWindow*'; all flags: --help)
using AuctionTracker.Bench.Parts;
using BenchmarkDotNet.Running;

// --inProcess: otherwise BenchmarkDotNet generates a project and looks for ours by its assembly name, which is
// AuctionTracker.Parts, while the project file is Parts.csproj.
BenchmarkSwitcher
    .FromTypes([typeof(RollingWindowBenchmarks), typeof(BidReadBenchmarks), typeof(BidWriteBenchmarks)])
    .Run(["--inProcess", .. args]);
