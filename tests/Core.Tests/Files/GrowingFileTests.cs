using System.Text;
using AuctionTracker.Core.Files;
using AuctionTracker.Support;
using Xunit;

namespace AuctionTracker.Core.Tests.Files;

public sealed class GrowingFileTests : IAsyncDisposable
{
    private readonly TempFolder _temp = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _lines = [];
    private Task _reading = Task.CompletedTask;

    private string FilePath => _temp["live.jsonl"];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        _temp.Dispose();
    }

    [Fact]
    public async Task Lines_are_read_from_the_beginning_and_as_they_come()
    {
        await File.AppendAllTextAsync(FilePath, "1\n2\n");
        Follow();
        await ReadAsync("1 2");
        await File.AppendAllTextAsync(FilePath, "3\n");
        await ReadAsync("1 2 3");
    }

    [Fact]
    public async Task A_file_that_does_not_exist_yet_is_waited_for()
    {
        Follow();
        await File.AppendAllTextAsync(FilePath, "1\n");
        await ReadAsync("1");
    }

    [Fact]
    public async Task A_half_written_line_is_read_when_it_is_whole()
    {
        await File.AppendAllTextAsync(FilePath, "1\nha");
        Follow();
        await ReadAsync("1");
        await File.AppendAllTextAsync(FilePath, "lf\n");
        await ReadAsync("1 half");
    }

    [Fact]
    public async Task A_truncated_file_is_read_from_its_beginning()
    {
        await File.AppendAllTextAsync(FilePath, "1\n2\n3\n");
        Follow();
        await ReadAsync("1 2 3");
        await File.WriteAllTextAsync(FilePath, "4\n");
        await ReadAsync("1 2 3 4");
    }

    [Fact]
    public async Task A_new_file_of_that_name_is_read_after_the_rest_of_the_old_one()
    {
        await File.AppendAllTextAsync(FilePath, "1\n");
        Follow();
        await ReadAsync("1");
        await File.AppendAllTextAsync(FilePath, "2\n");
        File.Move(FilePath, _temp["live.jsonl.1"]);
        await File.AppendAllTextAsync(FilePath, "3\n");
        await ReadAsync("1 2 3");
    }

    [Fact]
    public async Task Reading_can_begin_behind_a_line_and_begins_anew_where_the_file_is_shorter()
    {
        await File.AppendAllTextAsync(FilePath, "1\n2\n");
        Follow(from: 2);
        await ReadAsync("2");
        await _stop.CancelAsync();
        await _reading;

        Assert.Equal(["2"], _lines);
        await using var again = new GrowingFile(FilePath, TimeProvider.System).ReadAsync(100, default).GetAsyncEnumerator();
        Assert.True(await again.MoveNextAsync());
        Assert.Equal(("1", 2), (Encoding.UTF8.GetString(again.Current.Bytes.Span), again.Current.End));
    }

    private void Follow(long from = 0) => _reading = Task.Run(async () =>
    {
        await foreach (var line in new GrowingFile(FilePath, TimeProvider.System).ReadAsync(from, _stop.Token))
        {
            lock (_lines)
            {
                _lines.Add(Encoding.UTF8.GetString(line.Bytes.Span));
            }
        }
    });

    private Task ReadAsync(string lines) => Eventually.TrueAsync($"the lines are {lines}", () =>
    {
        lock (_lines)
        {
            return string.Join(' ', _lines) == lines;
        }
    });
}
