// Parts: the parts of the suite that every bid goes through, one by one.
//   dotnet run -c Release --project bench/Parts -- --filter '*'
using AuctionTracker.Bench.Parts;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromTypes([typeof(Windows), typeof(ReadingBids), typeof(WritingBids)]).Run(args, DefaultConfig.Instance);
