using System.Text.RegularExpressions;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Repository;

/// <summary>
/// The programs are read as a ladder: what differs from one to the next is its new idea and nothing else. The differences that
/// are approved lie in the folder Ladder.
/// </summary>
public sealed partial class LadderTests
{
    private const int Screen = 40;

    [Theory]
    [InlineData("Producer.V1", "Producer.V2")]
    [InlineData("Producer.V2", "Producer.V3")]
    [InlineData("Consumer.V1", "Consumer.V2")]
    [InlineData("Consumer.V2", "Consumer.V3")]
    [InlineData("Consumer.V3", "Consumer.V4")]
    public void From_one_program_to_the_next_only_the_new_idea_changes(string before, string after)
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
    [InlineData("Producer.V1", 25)]
    [InlineData("Producer.V2", Screen)]
    [InlineData("Producer.V3", Screen)]
    [InlineData("Consumer.V1", 25)]
    [InlineData("Consumer.V2", Screen)]
    [InlineData("Consumer.V3", Screen)]
    [InlineData("Consumer.V4", Screen)]
    public void A_program_fits_a_screen(string program, int lines) =>
        Assert.InRange(File.ReadAllLines(RepositoryRoot.At($"src/{program}/Program.cs")).Length, 10, lines);

    [Theory]
    [InlineData("Producer.V1")]
    [InlineData("Producer.V2")]
    [InlineData("Producer.V3")]
    [InlineData("Consumer.V1")]
    [InlineData("Consumer.V2")]
    [InlineData("Consumer.V3")]
    [InlineData("Consumer.V4")]
    public void A_program_is_one_file_and_begins_with_its_idea(string program)
    {
        Assert.Equal([$"src/{program}/Program.cs"], RepositoryRoot.Files($"src/{program}", "*.cs"));
        Assert.StartsWith(
            $"// {program.Replace(".V", " v", StringComparison.Ordinal)}: ",
            File.ReadAllText(RepositoryRoot.At($"src/{program}/Program.cs")),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// A program's lines without their indentation. Left out are the comment on top, the line that names the program, braces that
    /// stand alone, and empty lines.
    /// </summary>
    private static List<string> LinesOf(string program) =>
        [
            .. File.ReadLines(RepositoryRoot.At($"src/{program}/Program.cs"))
                .Skip(1)
                .Select(line => line.Trim())
                .Where(line => line is not ("" or "{" or "}") && !ItsName().IsMatch(line)),
        ];

    [GeneratedRegex("^\"(producer|consumer)_v")]
    private static partial Regex ItsName();
}
