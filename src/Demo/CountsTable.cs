using System.Globalization;
using Spectre.Console;

namespace AuctionTracker.Demo;

/// <summary>The counts of the programs, and whether they add up.</summary>
internal sealed class CountsTable
{
    private readonly List<Line>[] _groups;

    private CountsTable(params List<Line>[] groups) => _groups = groups;

    public bool AddsUp => Array.TrueForAll(_groups, lines => lines.TrueForAll(line => line.Holds));

    public static CountsTable Of(long waitedBefore, ChildProgram source, ChildProgram consumer, SalesPrograms? sales) =>
        new(BidLines(waitedBefore, source, consumer), sales is null ? [] : SaleLines(source.Count("confirmed"), sales));

    public void Print()
    {
        var table = new Table().AddColumn("count").AddColumn(new TableColumn("messages").RightAligned()).AddColumn("must be");
        foreach (var lines in _groups.Where(lines => lines.Count > 0))
        {
            if (table.Rows.Count > 0)
            {
                table.AddEmptyRow();
            }

            foreach (var line in lines)
            {
                var check = line.Rule.Length == 0 ? "" : $"{line.Rule}: {(line.Holds ? "[green]yes[/]" : "[red]NO[/]")}";
                table.AddRow(line.Name, line.Count.ToString(CultureInfo.InvariantCulture), check);
            }
        }

        var isRedirected = Console.IsOutputRedirected;
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        }).Write(table);
    }

    private static List<Line> BidLines(long waitedBefore, ChildProgram source, ChildProgram consumer)
    {
        var (sent, confirmed, returned, failed) = (source.Count("sent"), source.Count("confirmed"), source.Count("returned"), source.Count("failed"));
        var (received, handled) = (consumer.Count("received"), consumer.Count("handled"));
        var (deadLettered, unacked) = (consumer.Count("dead-lettered"), consumer.Count("unacked"));
        var (before, alerts, mailed) = (consumer.Count("waiting before"), consumer.Count("alerts"), consumer.Count("mailed"));
        var (refused, waiting) = (consumer.Count("refused"), consumer.Count("waiting"));
        return
        [
            new("sent", sent, "confirmed + returned + failed", sent == confirmed + returned + failed),
            new("confirmed", confirmed),
            new("waiting before", waitedBefore),
            new("received", received, "confirmed + waiting before", received == confirmed + waitedBefore),
            new("handled", handled, "received - dead-lettered - unacked", handled == received - deadLettered - unacked),
            new("dead-lettered", deadLettered),
            new("unacked", unacked, "0", unacked == 0),
            new("alerts", alerts),
            new("alerts before", before),
            new("mailed", mailed, "alerts + before - refused - waiting", mailed == alerts + before - refused - waiting),
            new("refused", refused),
            new("waiting", waiting),
            new("mails", consumer.Count("mails")),
        ];
    }

    private static List<Line> SaleLines(long confirmed, SalesPrograms sales)
    {
        var (recorder, auctioneer, settlement) = (sales.Recorder, sales.Auctioneer, sales.Settlement);
        var (recorded, notRecorded) = (recorder.Count("recorded"), recorder.Count("already there") + recorder.Count("unreadable"));
        var (read, counted, late) = (auctioneer.Count("received"), auctioneer.Count("counted"), auctioneer.Count("after closing"));
        var others = auctioneer.Count("repeated") + auctioneer.Count("without end") + auctioneer.Count("unreadable");
        var (sold, unsold, announced) = (auctioneer.Count("sold"), auctioneer.Count("unsold"), auctioneer.Count("announced"));
        var (sale, settled, waiting) = (settlement.Count("received"), settlement.Count("settled"), settlement.Count("waiting"));
        var (mailed, notMailed) = (settlement.Count("mailed"), settlement.Count("refused") + settlement.Count("mails waiting"));
        var (start, refilled, taken, now) = (Stock("start"), Stock("refilled"), -Stock("sold"), Stock("now"));
        return
        [
            new("recorded", recorded, "confirmed - unreadable", recorded == confirmed - notRecorded),
            new("bids at auctions", read, Sum("confirmed", sales.WaitingBids), read >= confirmed && read <= confirmed + sales.WaitingBids),
            new("in auctions", counted, "bids at auctions - late - others", counted == read - late - others),
            new("late", late),
            new("sold", sold),
            new("unsold", unsold),
            new("results announced", announced, "sold + unsold", announced == sold + unsold),
            new("sales", sale, Sum("sold", sales.WaitingSales), sale == sold + sales.WaitingSales),
            new("settled", settled, "sales", settled == sale && waiting == 0),
            new("winners mailed", mailed, "settled", mailed == settled - notMailed && notMailed == 0),
            new("stock at first", start),
            new("stock refilled", refilled),
            new("stock taken", taken, "settled", taken == settled),
            new("stock now", now, "at first + refilled - taken", now == start + refilled - taken),
        ];

        static string Sum(string name, long waited) => waited == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} + {waited} that waited before");

        long Stock(string cause) => sales.Stock.GetValueOrDefault(cause);
    }

    private sealed record Line(string Name, long Count, string Rule = "", bool Holds = true);
}
