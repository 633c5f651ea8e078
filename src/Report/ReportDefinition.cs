using System.Reflection;
using System.Text.RegularExpressions;
using AuctionTracker.Sales.State;
using AuctionTracker.Storage;

namespace AuctionTracker.Report;

/// <summary>
/// A report: a file of <c>Reports</c>. Its first lines are comments: a description, then <c>from:</c>, <c>picture:</c> and <c>sums:</c>, which
/// are optional. One query follows, over <c>parameters</c> and <c>bids</c>, or over the tables of the program that <c>from:</c> names.
/// </summary>
/// <param name="Name">The name of the file, without <c>.sql</c>.</param>
/// <param name="Description">What the report shows.</param>
/// <param name="Picture">Its picture, or <see langword="null"/>.</param>
/// <param name="Sums">The columns whose sum is shown at the foot.</param>
/// <param name="Query">The query.</param>
internal sealed partial record ReportDefinition(string Name, string Description, PictureDefinition? Picture, IReadOnlyList<string> Sums, string Query)
{
    private const string FromKey = "from:";
    private const string PictureKey = "picture:";
    private const string SumsKey = "sums:";

    private static readonly string[] Keys = [FromKey, PictureKey, SumsKey];
    private static readonly StateSchema[] States = [StateSchema.Auctioneer, StateSchema.Settlement];

    private static readonly Assembly Assembly = typeof(ReportDefinition).Assembly;

    /// <summary>All reports, by name.</summary>
    public static IReadOnlyList<ReportDefinition> All { get; } =
    [
        .. Assembly.GetManifestResourceNames().Where(name => ReportName().IsMatch(name)).Order(StringComparer.Ordinal).Select(Load),
    ];

    /// <summary>The program whose state it reads; <see langword="null"/> for bids.</summary>
    public StateSchema? State { get; init; }

    /// <summary>The tables of that state that it reads.</summary>
    public IReadOnlyList<StoredTable> Tables => [.. State?.Tables.Where(table => Uses(table.Name)) ?? []];

    /// <summary>Whether it says when something happened. Otherwise a period and a time zone have no use.</summary>
    public bool HasTimes => State is null || Tables.Any(table => table.Time is not null);

    /// <summary>Whether it looks at items.</summary>
    public bool HasItems => State is null || Tables.Any(table => table.Item is not null);

    /// <summary>The first sentence of the description.</summary>
    public string Title => Description.Split(". ")[0].TrimEnd('.');

    /// <summary>Whether the report has a use for a parameter or a table.</summary>
    /// <param name="name">The column of <c>parameters</c>, or the table.</param>
    public bool Uses(string name) => Regex.IsMatch(Query, $@"\b{name}\b");

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
            string.Join(' ', comments.Where(c => !Array.Exists(Keys, key => c.StartsWith(key, StringComparison.Ordinal)))),
            ValueOf(PictureKey) is { } picture ? PictureDefinition.Parse(picture) : null,
            sums?.Split(',', StringSplitOptions.TrimEntries) ?? [],
            string.Join('\n', lines.Skip(comments.Count)).Trim())
        { State = ValueOf(FromKey) is { } from ? StateOf(from) : null };

        string? ValueOf(string key) =>
            comments.Find(c => c.StartsWith(key, StringComparison.Ordinal)) is { } line ? line[key.Length..].Trim() : null;
    }

    private static StateSchema StateOf(string from) => Array.Find(States, state => state.Name == from)
        ?? throw new FormatException($"\"{from}\" is no state that reports read: write {string.Join(" or ", States.Select(state => state.Name))}.");

    [GeneratedRegex("^[a-z]+$")]
    private static partial Regex ReportName();
}
