// A test mostly waits for its processes, and each has a virtual host of its own: more tests at a time than cores keep both busy.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 6)]

// The programs start each other on leashes, which Windows lacks.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: System.Runtime.Versioning.SupportedOSPlatform("macos")]
