using System.Text;
using Xunit;

namespace AuctionTracker.Replay.Tests;

public sealed class RowReaderTests
{
    private const string TooLong = "(it is longer than 1 MiB)";
    private const string NotClosed = "(a quote is not closed)";

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "1 a" })]
    [InlineData("a\n", new[] { "1 a" })]
    [InlineData("\uFEFFa\nb", new[] { "1 a", "2 b" })]
    [InlineData("a\r\nb\rc\n\nd", new[] { "1 a", "2 b", "3 c", "4 ", "5 d" })]
    [InlineData("a\r", new[] { "1 a" })]
    [InlineData("\"a\nb\"\nc", new[] { "1 \"a\nb\"", "3 c" })]
    [InlineData("\"a\r\n\r\nb\"\r\nc", new[] { "1 \"a\r\n\r\nb\"", "4 c" })]
    [InlineData("\"a \"\"\n\"\" b\"\nc", new[] { "1 \"a \"\"\n\"\" b\"", "3 c" })]
    [InlineData("a\n\"b\nc\nd", new[] { "1 a", $"2 {NotClosed}", "3 c", "4 d" })]
    [InlineData("a\n\"b", new[] { "1 a", $"2 {NotClosed}" })]
    public async Task A_row_ends_at_a_line_break_outside_quotes(string text, string[] rows)
    {
        Assert.Equal(rows, await ReadAsync(text, int.MaxValue));
        Assert.Equal(rows, await ReadAsync(text, 1));
    }

    [Theory]
    [InlineData(1 << 16)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task A_row_over_1_MiB_is_refused_up_to_its_first_line_break(int bytesAtATime)
    {
        var longest = new string('x', RowReader.MaxRowBytes);
        var lines = string.Concat(Enumerable.Repeat("y\n", RowReader.MaxRowBytes / 2));

        Assert.Equal([$"1 {longest}", "2 b"], await ReadAsync($"{longest}\nb", bytesAtATime));
        Assert.Equal([$"1 {TooLong}", "2 b"], await ReadAsync($"{longest}x\nb", bytesAtATime));
        Assert.Equal([$"1 {TooLong}"], await ReadAsync($"{longest}x", bytesAtATime));
        Assert.Equal([$"1 {TooLong}", "2 b"], await ReadAsync($"\"{longest}{longest}\"\r\nb", bytesAtATime));
        var rows = await ReadAsync($"a\n\"b\n{lines}c", bytesAtATime);
        Assert.Equal(["1 a", $"2 {TooLong}", "3 y"], rows.Take(3));
        Assert.Equal($"{3 + (RowReader.MaxRowBytes / 2)} c", rows[^1]);
    }

    [Fact]
    public async Task A_row_can_be_read_again_from_its_second_line()
    {
        var rows = new RowReader(new MemoryStream("\"a\nb\"\nc"u8.ToArray()), "test");
        await rows.FirstByteAsync(CancellationToken.None);
        rows.HasQuotes = true;
        Assert.True(await rows.ReadAsync(CancellationToken.None));

        Assert.True(rows.TrySplit());

        rows.HasQuotes = false;
        Assert.True(await rows.ReadAsync(CancellationToken.None));
        Assert.Equal("2 b\"", Show(rows));
        Assert.False(rows.TrySplit());
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(string text, int bytesAtATime)
    {
        var reader = new RowReader(new SlowStream(Encoding.UTF8.GetBytes(text), bytesAtATime), "test");
        await reader.FirstByteAsync(CancellationToken.None);
        var rows = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None))
        {
            rows.Add(Show(reader));
        }

        return rows;
    }

    private static string Show(RowReader reader) =>
        $"{reader.Line} {(reader.Refusal is null ? Encoding.UTF8.GetString(reader.Row.Span) : $"({reader.Refusal})")}";

    /// <summary>A stream that brings at most so many bytes a read, as a pipe may.</summary>
    private sealed class SlowStream(byte[] bytes, int bytesAtATime) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, bytesAtATime)], cancellationToken);
    }
}
