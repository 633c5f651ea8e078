using Xunit;

namespace AuctionTracker.Core.Tests.Repository;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("a b c", "a b c", "")]
    [InlineData("a c", "a b c", "+ b")]
    [InlineData("a b c", "a c", "- b")]
    [InlineData("a b c", "a x c", "- b,+ x")]
    [InlineData("", "a b", "+ a,+ b")]
    [InlineData("a b", "", "- a,- b")]
    [InlineData("a b c d", "b c d a", "- a,+ a")]
    [InlineData("a a b", "a b b", "- a,+ b")]
    public void Removed_and_added_lines_are_listed_in_order(string before, string after, string diff) =>
        Assert.Equal(diff, string.Join(',', LineDiff.Between(Lines(before), Lines(after))));

    private static string[] Lines(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
