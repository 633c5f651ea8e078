// A test mostly waits for its processes, and each has a virtual host of its own: more tests at a time than cores keep both busy.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 5)]
[assembly: Xunit.TestCollectionOrderer("AuctionTracker.Integration.Tests.LongestFirst", "AuctionTracker.Integration.Tests")]

// The tests need Unix: file modes, sh, pseudo-terminals, signals, Debian's packages.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("macos")]
