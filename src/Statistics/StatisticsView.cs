using System.Globalization;
using AuctionTracker.Core.Hosting;
using AuctionTracker.Sales.Statistics;
using Spectre.Console;

namespace AuctionTracker.Statistics;

/// <summary>Shows the figures: a table that is kept up on a terminal, otherwise a line for each window when it changed.</summary>
internal static class StatisticsView
{
    private const int MaxItems = 5;

    private static readonly TimeSpan TableInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    public static Task RunAsync(ProgramRun run, SaleFeed feed, CancellationToken end) =>
        Console.IsOutputRedirected ? PrintLinesAsync(run, feed, end) : ShowTableAsync(run, feed, end);

    private static async Task ShowTableAsync(ProgramRun run, SaleFeed feed, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TableInterval, run.Time);
        await AnsiConsole.Live(TableOf(feed)).StartAsync(async live =>
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                live.UpdateTarget(TableOf(feed));
            }
        });
    }

    private static async Task PrintLinesAsync(ProgramRun run, SaleFeed feed, CancellationToken end)
    {
        using var timer = new PeriodicTimer(LineInterval, run.Time);
        var shown = new Dictionary<string, string>();
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                Print();
            }
        }
        finally
        {
            Print();
        }

        void Print()
        {
            foreach (var (name, figures) in feed.Figures())
            {
                var line = $"Last {name}: {Describe(figures.All)}{string.Concat(figures.Items.Take(MaxItems).Select(item => $"; {UntrustedText.Clean(item.Item)}: {Describe(item)}"))}";
                if (shown.GetValueOrDefault(name) != line && (figures.All.Count > 0 || shown.ContainsKey(name)))
                {
                    run.Log.Information("{Line}", line);
                    shown[name] = line;
                }
            }
        }
    }

    private static string Describe(ItemSales sales) => string.Create(
        CultureInfo.InvariantCulture, $"{sales.Count:#,0} sales, {sales.Total:#,0.00} in all, mean {sales.Mean:#,0.00}, settled after {sales.Median.TotalSeconds:0.0} s");

    private static Table TableOf(SaleFeed feed)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("last");
        table.AddColumn("item");
        foreach (var column in (string[])["sales", "total", "mean", "settled after"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach (var (name, figures) in feed.Figures())
        {
            AddRow(name, figures.All);
            foreach (var item in figures.Items.Take(MaxItems))
            {
                AddRow("", item);
            }

            if (figures.Items.Count > MaxItems)
            {
                table.AddRow("", string.Create(CultureInfo.InvariantCulture, $"and {figures.Items.Count - MaxItems} more"), "", "", "", "");
            }
        }

        return table;

        void AddRow(string name, ItemSales sales) => table.AddRow(
            name, Markup.Escape(UntrustedText.Cut(sales.Item, 30)), sales.Count.ToString("#,0", CultureInfo.InvariantCulture), sales.Total.ToString("#,0.00", CultureInfo.InvariantCulture),
            sales.Mean.ToString("#,0.00", CultureInfo.InvariantCulture), sales.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{sales.Median.TotalSeconds:0.0} s"));
    }
}
