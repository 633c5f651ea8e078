using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Repository;

/// <summary>
/// Each program of the ladder differs from the one before only by its new idea. The folder Ladder contains the approved differences.
/// </summary>
public sealed partial class LadderTests
{
    private const int Screen = 40;

    [Theory]
    [InlineData("Producer.V0", "Producer.V1")]
    [InlineData("Producer.V1", "Producer.V2")]
    [InlineData("Producer.V2", "Producer.V3")]
    [InlineData("Consumer.V0", "Consumer.V1")]
    [InlineData("Consumer.V1", "Consumer.V2")]
    [InlineData("Consumer.V2", "Consumer.V3")]
    [InlineData("Consumer.V3", "Consumer.V4")]
    public void A_program_differs_from_the_one_before_only_by_its_new_idea(string before, string after)
    {
        var approved = $"tests/Core.Tests/Repository/Ladder/{before}-{after.Split('.')[1]}.diff";
        var expected = File.Exists(RepositoryRoot.At(approved)) ? File.ReadAllText(RepositoryRoot.At(approved)).ReplaceLineEndings("\n") : "";

        var actual = string.Concat(LineDiff.Between(LinesOf(before), LinesOf(after)).Select(line => line + "\n"));

        Assert.True(
            expected == actual,
            $"""
             The difference between {before} and {after} is not the approved one. If a line does not belong to what is new in {after},
             take it out, or put it in both. If all of them do, make {approved} exactly this:

             {actual}
             """);
    }

    [Theory]
    [InlineData("Producer.V0", 25)]
    [InlineData("Producer.V1", 25)]
    [InlineData("Producer.V2", Screen)]
    [InlineData("Producer.V3", Screen)]
    [InlineData("Consumer.V0", 25)]
    [InlineData("Consumer.V1", 25)]
    [InlineData("Consumer.V2", Screen)]
    [InlineData("Consumer.V3", Screen)]
    [InlineData("Consumer.V4", Screen)]
    public void A_program_fits_a_screen(string program, int lines) =>
        Assert.InRange(File.ReadAllLines(RepositoryRoot.At($"src/{program}/Program.cs")).Length, 10, lines);

    [Theory]
    [InlineData("Producer.V0")]
    [InlineData("Producer.V1")]
    [InlineData("Producer.V2")]
    [InlineData("Producer.V3")]
    [InlineData("Consumer.V0")]
    [InlineData("Consumer.V1")]
    [InlineData("Consumer.V2")]
    [InlineData("Consumer.V3")]
    [InlineData("Consumer.V4")]
    public void A_program_is_one_file_that_begins_with_a_comment_about_its_idea(string program)
    {
        Assert.Equal([$"src/{program}/Program.cs"], RepositoryRoot.Files($"src/{program}", "*.cs"));
        Assert.StartsWith(
            $"// {program.Replace(".V", " v", StringComparison.Ordinal)}: ",
            File.ReadAllText(RepositoryRoot.At($"src/{program}/Program.cs")),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// A program's lines without indentation, and without the first comment, the line with the program's name, lone braces and empty
    /// lines.
    /// </summary>
    private static List<string> LinesOf(string program) =>
        [
            .. File.ReadLines(RepositoryRoot.At($"src/{program}/Program.cs"))
                .Skip(1)
                .Select(line => line.Trim())
                .Where(line => line is not ("" or "{" or "}") && !ProgramName().IsMatch(line)),
        ];

    [GeneratedRegex("^\"(producer|consumer)_v")]
    private static partial Regex ProgramName();
}
