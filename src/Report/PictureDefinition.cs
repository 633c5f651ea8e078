using System.Text.RegularExpressions;

namespace AuctionTracker.Report;

/// <summary>A picture of a report, as in <c>bars of total by day and item</c>.</summary>
/// <param name="IsLine">Whether it is a line; otherwise it has bars.</param>
/// <param name="Measure">The column of the values.</param>
/// <param name="Position">The column of the places.</param>
/// <param name="Series">The column that splits the values into series, or <see langword="null"/>.</param>
internal sealed partial record PictureDefinition(bool IsLine, string Measure, string Position, string? Series)
{
    /// <exception cref="FormatException">The text describes no picture.</exception>
    public static PictureDefinition Parse(string text)
    {
        var match = Form().Match(text);
        return match.Success
            ? new(match.Groups[1].Value == "line", match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Success ? match.Groups[4].Value : null)
            : throw new FormatException($"\"{text}\" cannot be read as a picture: write bars of COLUMN by COLUMN, or line of COLUMN by COLUMN and COLUMN.");
    }

    [GeneratedRegex(@"^(bars|line) of (\w+) by (\w+)(?: and (\w+))?$")]
    private static partial Regex Form();
}
