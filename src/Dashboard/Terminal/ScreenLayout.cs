using AuctionTracker.Core.Hosting;
using AuctionTracker.Core.Live;
using AuctionTracker.Dashboard.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AuctionTracker.Dashboard.Terminal;

/// <summary>The figures of a view as a screen.</summary>
internal static class ScreenLayout
{
    private const string Levels = "▁▂▃▄▅▆▇█";
    private const char GapLevel = '░';

    /// <summary>The columns beside the names of half a screen.</summary>
    private const int NumberColumns = 28;

    private static readonly Style Quiet = new(decoration: Decoration.Dim);
    private static readonly Style Strong = new(decoration: Decoration.Bold);

    public static Layout Create(DashboardView view, int width, int height)
    {
        var tables = Math.Max(height - 10, 6);
        return new Layout().SplitRows(
            new Layout(Status(view)).Size(1),
            new Layout(Figures(view, width)).Size(4),
            new Layout(Flow(view, width)).Size(3),
            new Layout().Size(tables / 2).SplitColumns(new Layout(Items(view, tables / 2, width / 2)), new Layout(Hot(view, tables / 2, width / 2))),
            new Layout(LastBids(view, tables - (tables / 2))).Size(tables - (tables / 2)));
    }

    private static Paragraph Status(DashboardView view)
    {
        var (live, status) = (view.Live, view.Status);
        var line = new Paragraph().Append("Auction Tracker ", Strong);
        line.Append(
            status.IsConnected ? "live" : status.WasConnected ? $"RabbitMQ is away since {ViewerClock.InUtc(status.Since)}; dialling" : "RabbitMQ is not reached yet; dialling",
            status.IsConnected ? Color.Green : Color.Red);
        line.Append(live.LastArrival is { } last ? $" · last bid {Show.Age(live.Time - last)} ago" : " · no bid yet", Quiet);
        if (status.IncompleteBefore is { } incomplete)
        {
            line.Append($" · the record is behind: bids from before {ViewerClock.InUtc(incomplete)} may be missing", Color.Red);
        }

        return status.DroppedSince is { } dropped ? line.Append($" · bids were dropped since {ViewerClock.InUtc(dropped)}", Color.Red) : line;
    }

    private static Grid Figures(DashboardView view, int width)
    {
        var live = view.Live;
        (string Name, string Value, string Detail)[] figures =
        [
            ("bids", Show.Count(live.Amounts.Bids), $"{Show.Change(view.Now.Bids - view.Before.Bids)}/min"),
            ("bids/s", Show.Rate(live.Rate), $"peak {Show.Count(live.PeakRate)}"),
            ("amount", Show.Money(live.Amounts.Total), ""),
            ("highest", live.Highest is null ? "–" : Show.Money(live.Amounts.Highest), live.Highest is { } bid ? NameIn(bid.Item, width / 2) : ""),
            ("high", Show.Count(live.Amounts.High), $"{Show.Change(view.Now.High - view.Before.High)}/min"),
            ("auctions open", Show.Count(live.Rankings.OpenAuctions), live.AuctionCount == 0 ? "no auctions" : $"of {Show.Count(live.AuctionCount)}"),
            ("bad", Show.Count(view.Status.Unreadable), ""),
            ("median", live.Highest is null ? "–" : Show.Money(live.Rankings.Median), live.Highest is null ? "" : $"90 % < {Show.Money(live.Rankings.P90)}"),
        ];
        var grid = new Grid { Expand = true };
        for (var i = 0; i < 4; i++)
        {
            grid.AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var four in figures.Chunk(4))
        {
            grid.AddRow([.. four.Select(f => Cell(f.Name, f.Value))]);
            grid.AddRow([.. four.Select(f => (IRenderable)new Text(f.Detail, Quiet) { Overflow = Overflow.Ellipsis })]);
        }

        return grid;

        static IRenderable Cell(string name, string value) => new Paragraph { Overflow = Overflow.Ellipsis }.Append($"{name} ", Quiet).Append(value, Strong);
    }

    /// <summary>A character for each column; the newest on the right. A narrow screen has the last points, on a wide one they are stretched.</summary>
    private static Rows Flow(DashboardView view, int width)
    {
        var points = view.Live.Flow.TakeLast(width).ToList();
        var step = TimeSpan.FromSeconds(view.Live.Timeline.Step);
        var top = Math.Max(points.Max(p => p.Rate), 1);
        var levels = points.Select(p =>
            p.Rate > 0 ? Levels[(int)Math.Min(p.Rate / top * Levels.Length, Levels.Length - 1)]
            : view.Flow.Gaps.Any(gap => gap.From < p.Opens + step && gap.To > p.Opens) ? GapLevel
            : ' ').ToList();
        var shown = points.Count == view.Live.Flow.Count ? view.Live.Timeline.Window : step * points.Count;
        return new Rows(
            new Text($"Bids a second over {Show.Span(shown)}, up to {Show.Rate(top)}{(levels.Contains(GapLevel) ? $"; {GapLevel} no bids were seen" : "")}", Quiet) { Overflow = Overflow.Ellipsis },
            new Text(string.Concat(Enumerable.Range(0, width).Select(column => levels[column * levels.Count / width])), Color.Teal) { Overflow = Overflow.Crop });
    }

    private static string NameIn(string? text, int width) => text is null ? "–" : UntrustedText.Cut(text, Math.Clamp(width - NumberColumns, 8, 40));

    private static Table Items(DashboardView view, int height, int width) => Fill(
        ["item", "bids", "mean", "highest"],
        view.Live.Items.Take(height - 2).Select(row => (string[])[NameIn(row.Item, width), Show.Count(row.Amounts.Bids), Show.Money(row.Mean), Show.Money(row.Amounts.Highest)]));

    private static Table Hot(DashboardView view, int height, int width) => Fill(
        width > 60 ? ["hot, 10 min", "bids", "highest", "item"] : ["hot, 10 min", "bids", "highest"],
        view.Live.AuctionCount == 0 && view.Live.Amounts.Bids > 0 ? [["no auctions", "", "", .. width > 60 ? [""] : (string[])[]]]
        : view.Live.Rankings.Hot[HotWindow.TenMinutes].Take(height - 2).Select(hot => (string[])
        [
            UntrustedText.Cut(hot.Auction.AuctionId, width > 60 ? 40 : 20), Show.Count(hot.RecentBids), Show.Money(hot.Auction.Winning),
            .. width > 60 ? [Show.Name(hot.Auction.Item)] : (string[])[],
        ]));

    private static Table LastBids(DashboardView view, int height) => Fill(
        ["time (UTC)", "amount", "item", "bidder", "auction"],
        view.Live.LastBids.Reverse().Take(height - 2).Select(seen => (string[])
        [
            ViewerClock.Utc.Time(seen.Arrived), Show.Money(seen.Bid.Amount) + (seen.IsHigh ? " ▲" : ""), Show.Name(seen.Bid.Item),
            Show.Name(seen.Bid.BidderName.Length > 0 ? seen.Bid.BidderName : seen.Bid.BidderId), Show.Name(seen.Bid.AuctionId),
        ]));

    private static Table Fill(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.None, Expand = true };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(new Text(column, Quiet)) { NoWrap = true, Padding = new Padding(0, 0, 1, 0), Alignment = column is "bids" or "mean" or "highest" or "amount" ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => (IRenderable)new Text(cell) { Overflow = Overflow.Ellipsis }));
        }

        return table;
    }
}
