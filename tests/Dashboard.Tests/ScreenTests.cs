using System.Text.RegularExpressions;
using AuctionTracker.Core.Bids;
using AuctionTracker.Core.Live;
using AuctionTracker.Dashboard.Feeds;
using AuctionTracker.Dashboard.Terminal;
using AuctionTracker.Dashboard.Views;
using AuctionTracker.Support;
using Spectre.Console;
using Xunit;

namespace AuctionTracker.Dashboard.Tests;

/// <summary>The figures in a terminal.</summary>
public sealed class ScreenTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly LiveFigures _figures = new(new LiveOptions(800));
    private FeedStatus _status = new(Noon) { IsConnected = true, WasConnected = true };
    private int _id;

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void No_figure_and_no_heading_is_cut(int width)
    {
        Add(5_917, Some.Bid(212.5m, "Palm Pilot M515 PDA", auctionId: "3023639316"));
        Add(1_953, Some.Bid(5_400, "Cartier wristwatch", bidderName: "esmodeus", auctionId: "1644594033"));

        var screen = Lines(width);

        Assert.All(screen, line => Assert.True(line.Length <= width));
        Assert.Matches(@"item +bids +mean +highest +hot, 10 min +bids +highest", string.Concat(screen.Where(line => line.Contains("hot, ", StringComparison.Ordinal))));
        Assert.Single(screen, line => Regex.IsMatch(line, @"^Palm Pilot.* 5,917 +\$212\.50 +\$212\.50 +3023639316 +5,917 +\$212\.50"));
        Assert.Single(screen, line => Regex.IsMatch(line, @"^Cartier wr.* 1,953 +\$5,400\.00 +\$5,400\.00 +1644594033 +1,953 +\$5,400\.00"));
        Assert.Contains(screen, line => line.Contains("bids 7,870", StringComparison.Ordinal) && line.Contains("amount $11,803,562.50", StringComparison.Ordinal));
        Assert.Contains(screen, line => line.StartsWith("time (UTC)", StringComparison.Ordinal) && line.Contains("amount", StringComparison.Ordinal) && line.TrimEnd().EndsWith("auction", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80, "Bids a second over 6 min 40 s,")]
    [InlineData(120, "Bids a second over 10 min,")]
    [InlineData(242, "Bids a second over 10 min,")]
    public void The_flow_fills_the_width_and_says_its_time(int width, string heading)
    {
        for (var second = -700; second < 1; second++)
        {
            _figures.Add(Some.Bid(5), $"{_id++}", Noon.AddSeconds(second));
        }

        var lines = Lines(width);

        var flow = lines.FindIndex(line => line.StartsWith("Bids a second", StringComparison.Ordinal));
        Assert.StartsWith(heading, lines[flow], StringComparison.Ordinal);
        Assert.Equal(new string('█', width), lines[flow + 1]);
    }

    [Fact]
    public void A_gap_is_shown_in_the_flow()
    {
        Enumerable.Range(0, 50).ToList().ForEach(id => _figures.Add(Some.Bid(5), $"{id}", Noon.AddSeconds(-120)));
        _status = _status with { Gaps = [new Gap(Noon.AddSeconds(-60), Noon.AddSeconds(-31))] };

        var lines = Lines(120);

        Assert.Contains(lines, line => line.Contains("░ no bids were seen", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("█           ░░░░░░      ", StringComparison.Ordinal));
    }

    [Fact]
    public void Before_the_first_bid_there_is_no_highest_and_without_ids_there_are_no_auctions()
    {
        Assert.Contains(Lines(80), line => line.Contains("highest –", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines(80), line => line.Contains("median $", StringComparison.Ordinal));

        Add(1, Some.Bid(5));

        Assert.Equal(2, Lines(80).Count(line => line.Contains("no auctions", StringComparison.Ordinal)));
    }

    private void Add(int count, Bid bid)
    {
        for (var i = 0; i < count; i++)
        {
            _figures.Add(bid, $"{_id++}", Noon);
        }
    }

    private List<string> Lines(int width, int height = 24)
    {
        var live = _figures.SnapshotAt(Noon, rows: 100, charts: 6);
        var view = new DashboardView(live, _status, KeyFigures.Of(live, _status), null, null, 800, Sales: null);
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, true);
        console.Write(new Screen(ScreenLayout.Create(view, width, height), width, height - 1));
        return [.. output.ToString().Split('\n')];
    }
}
