using AuctionTracker.Records.Queries;

namespace AuctionTracker.Report.Sources;

/// <summary>What a report is made from.</summary>
internal interface IReportSource
{
    /// <summary>What a person calls it.</summary>
    string Name { get; }

    /// <summary>Opens it for queries.</summary>
    /// <exception cref="IOException">It can't be read. The message names it.</exception>
    Task<IQueryEngine> OpenAsync(CancellationToken stop);
}
