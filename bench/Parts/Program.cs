// Parts: the parts of the suite that every bid goes through, one by one.
//   dotnet run -c Release --project bench/Parts -- --filter '*'
//   (quicker: --job short; one of them: --filter '*Windows*'; all flags: --help)
using AuctionTracker.Bench.Parts;
using BenchmarkDotNet.Running;

// In this process: the generated project that BenchmarkDotNet runs otherwise has to find ours by its assembly's name, and
// projects here leave the "AuctionTracker." out.
BenchmarkSwitcher.FromTypes([typeof(Windows), typeof(ReadingBids), typeof(WritingBids)]).Run(["--inProcess", .. args]);
