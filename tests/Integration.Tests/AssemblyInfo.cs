// Each test waits for processes most of the time; two at a time keep both cores busy and no test starved.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]

// The tests need Unix: file modes, sh, pseudo-terminals, signals, Debian's packages.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("macos")]
