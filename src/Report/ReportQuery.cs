using System.Globalization;
using AuctionTracker.Records.Queries;

namespace AuctionTracker.Report;

/// <summary>Runs reports: puts <c>parameters</c> and the tables that they read before their queries.</summary>
/// <param name="Filter">Which rows are looked at.</param>
/// <param name="Threshold">A bid strictly above it is high; <see langword="null"/>: none is.</param>
internal sealed record ReportQuery(ReportFilter Filter, decimal? Threshold)
{
    /// <summary>How long a window of <c>hot</c> is.</summary>
    public TimeSpan Size { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often a window of <c>hot</c> opens.</summary>
    public TimeSpan Hop { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The number of bids of a rolling window.</summary>
    public int Window { get; init; } = 5;

    /// <summary>The number of buckets of a histogram.</summary>
    public int Buckets { get; init; } = 20;

    /// <summary>Runs a report.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="report">The report.</param>
    /// <param name="cancel">Cancels the query.</param>
    public Task<QueryResult> RunAsync(IQueryEngine engine, ReportDefinition report, CancellationToken cancel)
    {
        List<object?> values =
        [
            Filter.Zone.Id, Threshold?.ToString(CultureInfo.InvariantCulture), (long)Size.TotalSeconds, (long)Hop.TotalSeconds, (long)Window, (long)Buckets,
        ];
        const string Parameters =
            "select cast($1 as text) as zone, cast($2 as decimal(18, 4)) as threshold, cast($3 as bigint) as hot_size, cast($4 as bigint) as hot_hop, " +
            "cast($5 as bigint) as window_size, cast($6 as bigint) as buckets";
        var read = report.State is null ? [$"bids as ({Filter.Select(values)})"] : report.Tables.Select(table => $"{table.Name} as ({Filter.Select(table, values)})");
        var tables = $"with {string.Join(", ", read.Prepend($"parameters as ({Parameters})"))}";
        var rest = report.Query.StartsWith("with ", StringComparison.OrdinalIgnoreCase) ? $", {report.Query[5..]}" : $" {report.Query}";
        return engine.QueryAsync(tables + rest, values, cancel);
    }
}
