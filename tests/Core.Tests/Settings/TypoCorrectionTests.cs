using AuctionTracker.Core.Settings;
using Xunit;

namespace AuctionTracker.Core.Tests.Settings;

public sealed class TypoCorrectionTests
{
    private static readonly string[] Names = ["--interval", "--items", "--logs", "--seed"];

    [Theory]
    [InlineData("--intervall", "--interval")]
    [InlineData("--intreval", "--interval")]
    [InlineData("--Interval", "--interval")]
    [InlineData("--item", "--items")]
    [InlineData("--sed", "--seed")]
    public void A_name_with_a_few_wrong_letters_gets_a_suggestion(string typed, string name) =>
        Assert.Equal($" Did you mean {name}?", TypoCorrection.Suggest(typed, Names));

    [Theory]
    [InlineData("--foo")]
    [InlineData("3")]
    [InlineData("")]
    [InlineData("--nonsense")]
    public void A_name_that_is_far_from_all_others_gets_none(string typed) => Assert.Equal("", TypoCorrection.Suggest(typed, Names));

    [Fact]
    public void Without_names_there_is_no_suggestion() => Assert.Equal("", TypoCorrection.Suggest("--seed", []));
}
