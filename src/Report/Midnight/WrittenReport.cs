using System.Globalization;
using CsvHelper;

namespace AuctionTracker.Report.Midnight;

/// <summary>What a day's report on the disk was made of. The folder is the only state: the figures are those of the CSV file.</summary>
/// <param name="Bids">The number of bids.</param>
/// <param name="Total">The sum of their amounts.</param>
/// <param name="FirstBids">The number of bids in the first report of that day.</param>
internal sealed record WrittenReport(long Bids, decimal Total, long FirstBids)
{
    /// <summary>Reads a report.</summary>
    /// <param name="folder">The folder of reports.</param>
    /// <param name="day">The day.</param>
    /// <returns>The report; <see langword="null"/> where there is none that is complete.</returns>
    public static WrittenReport? Read(string folder, DateOnly day)
    {
        var csvPath = PathOf(folder, day, "csv");
        if (!File.Exists(csvPath) || !File.Exists(PathOf(folder, day, "html")))
        {
            return null;
        }

        var figures = new Dictionary<string, decimal>();
        using var csv = CsvReader.Create(File.ReadAllBytes(csvPath), new CsvReaderOptions { HasHeader = false });
        while (csv.Read() && (csv.GetString(0) is "section" or "day"))
        {
            if (decimal.TryParse(csv.GetString(3), NumberStyles.Number, CultureInfo.InvariantCulture, out var value))
            {
                figures[csv.GetString(2)] = value;
            }
        }

        return figures.TryGetValue("bids", out var bids) && figures.TryGetValue("total", out var total) && figures.TryGetValue("first_bids", out var first)
            ? new WrittenReport((long)bids, total, (long)first)
            : null;
    }

    /// <summary>The path of a day's file.</summary>
    /// <param name="folder">The folder of reports.</param>
    /// <param name="day">The day.</param>
    /// <param name="extension">Without the dot.</param>
    public static string PathOf(string folder, DateOnly day, string extension) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}.{extension}"));
}
