using AuctionTracker.Core.Hosting;
using Xunit;

namespace AuctionTracker.Core.Tests.Hosting;

public sealed class UntrustedTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("Ada Byron <ada@example.com> & \"Zoë\" \\ 李小龍")]
    [InlineData("🦜 and 👩🏽")]
    public void Plain_text_is_returned_unchanged(string text) => Assert.Same(text, UntrustedText.Clean(text));

    [Theory]
    [InlineData("a\r\nb", @"a\u000d\u000ab")]
    [InlineData("\e[31mred", @"\u001b[31mred")]
    [InlineData("nul\0", @"nul\u0000")]
    [InlineData("tab\t", @"tab\u0009")]
    [InlineData("\u007f\u0085\u009b", @"\u007f\u0085\u009b")]
    [InlineData("\u2028\u2029", @"\u2028\u2029")]
    [InlineData("\u200b\u200f\u202e\u2066\ufeff\u00ad", @"\u200b\u200f\u202e\u2066\ufeff\u00ad")]
    [InlineData("🦜\n🦜", @"🦜\u000a🦜")]
    public void Control_and_format_characters_are_escaped(string text, string clean) =>
        Assert.Equal(clean, UntrustedText.Clean(text));

    [Theory]
    [InlineData(new[] { 'a', '\ud83e' }, @"a\ud83e")]
    [InlineData(new[] { '\udd9c', 'a' }, @"\udd9ca")]
    [InlineData(new[] { '\udd9c', '\ud83e' }, @"\udd9c\ud83e")]
    [InlineData(new[] { '\ud83e', '\ud83e', '\udd9c' }, @"\ud83e🦜")]
    [InlineData(new[] { '\ud83e', '\udd9c', '\udd9c' }, @"🦜\udd9c")]
    public void An_unpaired_surrogate_is_escaped(char[] text, string clean) => Assert.Equal(clean, UntrustedText.Clean(new string(text)));

    [Fact]
    public void An_invisible_tag_character_is_escaped() =>
        Assert.Equal(@"a\udb40\udc41", UntrustedText.Clean("a\U000E0041"));
}
