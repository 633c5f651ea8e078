using System.Text;
using AuctionTracker.Core.Files;
using Xunit;

namespace AuctionTracker.Core.Tests.Files;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\n\nb", "a||b")]
    [InlineData("\n", "")]
    public async Task Lines_end_with_a_line_feed_or_the_end_of_the_stream(string text, string lines) =>
        Assert.Equal(text.Length == 0 ? [] : lines.Split('|'), await ReadAllAsync(text));

    [Fact]
    public async Task A_line_that_is_too_long_is_cut_and_the_next_one_is_read_as_usual()
    {
        var tooLong = new string('x', LineReader.MaxLength * 5);

        var lines = await ReadAllAsync($"before\n{tooLong}\nafter\n");

        Assert.Equal(["before", "after"], [lines[0], lines[2]]);
        Assert.InRange(lines[1].Length, LineReader.MaxLength, 2 * LineReader.MaxLength);
        Assert.Equal(3, lines.Count);
    }

    [Fact]
    public async Task Lines_of_any_length_are_whole_wherever_the_blocks_end()
    {
        var expected = Enumerable.Range(0, 3_000).Select(length => new string('x', length)).ToList();

        Assert.Equal(expected, await ReadAllAsync(string.Concat(expected.Select(line => line + "\n"))));
    }

    [Fact]
    public async Task The_position_is_the_one_after_the_line()
    {
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes("ab\ncd")));

        await reader.ReadAsync(default);
        Assert.Equal((3, true), (reader.Position, reader.IsComplete));
        await reader.ReadAsync(default);
        Assert.Equal((5, false), (reader.Position, reader.IsComplete));
        Assert.Null(await reader.ReadAsync(default));
    }

    private static async Task<List<string>> ReadAllAsync(string text)
    {
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        var lines = new List<string>();
        while (await reader.ReadAsync(default) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }
}
