using System.Reflection;
using System.Text.RegularExpressions;

namespace AuctionTracker.Report;

/// <summary>
/// A report: a file of <c>Reports</c>. Its first lines are comments: a description, then <c>picture:</c> and <c>sums:</c>, which are
/// optional. One query over <c>bids</c> and <c>parameters</c> follows.
/// </summary>
/// <param name="Name">The name of the file, without <c>.sql</c>.</param>
/// <param name="Description">What the report shows.</param>
/// <param name="Picture">Its picture, or <see langword="null"/>.</param>
/// <param name="Sums">The columns whose sum is shown at the foot.</param>
/// <param name="Query">The query.</param>
internal sealed partial record ReportDefinition(string Name, string Description, PictureDefinition? Picture, IReadOnlyList<string> Sums, string Query)
{
    private const string PictureKey = "picture:";
    private const string SumsKey = "sums:";

    private static readonly Assembly Assembly = typeof(ReportDefinition).Assembly;

    /// <summary>All reports, by name.</summary>
    public static IReadOnlyList<ReportDefinition> All { get; } =
    [
        .. Assembly.GetManifestResourceNames().Where(name => ReportName().IsMatch(name)).Order(StringComparer.Ordinal).Select(Load),
    ];

    /// <summary>The first sentence of the description.</summary>
    public string Title => Description.Split(". ")[0].TrimEnd('.');

    /// <summary>Whether the report has a use for a parameter.</summary>
    /// <param name="parameter">The column of <c>parameters</c>.</param>
    public bool Uses(string parameter) => Regex.IsMatch(Query, $@"\b{parameter}\b");

    /// <summary>Loads an embedded file.</summary>
    /// <param name="resource">Its name.</param>
    public static ReportDefinition Load(string resource)
    {
        using var file = new StreamReader(Assembly.GetManifestResourceStream(resource)!);
        var lines = file.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
        var comments = lines.TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).Select(line => line[2..].Trim()).ToList();
        var sums = ValueOf(SumsKey);
        return new ReportDefinition(
            resource,
            string.Join(' ', comments.Where(c => !c.StartsWith(PictureKey, StringComparison.Ordinal) && !c.StartsWith(SumsKey, StringComparison.Ordinal))),
            ValueOf(PictureKey) is { } picture ? PictureDefinition.Parse(picture) : null,
            sums?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            string.Join('\n', lines.Skip(comments.Count)).Trim());

        string? ValueOf(string key) =>
            comments.Find(c => c.StartsWith(key, StringComparison.Ordinal)) is { } line ? line[key.Length..].Trim() : null;
    }

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex ReportName();
}
