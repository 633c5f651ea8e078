namespace AuctionTracker.Core.Settings;

#pragma warning disable CS1591 // The help text of a setting says what it means.

/// <summary>The settings of what becomes of auctions, and the alerts about it. They are in <see cref="AllSettings.List"/>.</summary>
public static class SaleSettings
{
    private const int Million = 1_000_000;

    public static readonly Setting<string?> AuctioneerDatabase = new(
        "auctioneer.database", null, "Where Auctioneer keeps open and closed auctions; --database in Auctioneer.",
        "data/auctions.db", "a .db or .sqlite file, or postgres://user@host/database for several machines", SettingParsers.Database)
    { IsSecret = true };

    public static readonly Setting<string?> AuctioneerClock = new(
        "auctioneer.clock", "--clock", "By whose time auctions close: this machine's (wall), or that of the bids, as in a replay (bids).",
        "wall", "wall or bids", SettingParsers.OneOf("wall", "bids"));

    public static readonly Setting<TimeSpan?> AuctioneerLate = new(
        "auctioneer.late", "--late", "How long an auction waits after its closing time for bids that are on their way.",
        "2s", $"{Duration.Allowed}, from 0s to 1d", SettingParsers.Span(TimeSpan.Zero, TimeSpan.FromDays(1)));

    public static readonly Setting<string?> ClosedAlert = new(
        "alerts.auction_closed", null, "true: Auctioneer alerts when an auction closed with a sale.",
        "false", "true or false", SettingParsers.OneOf("true", "false"));

    public static readonly Setting<string?> UnsoldAlert = new(
        "alerts.auction_unsold", null, "true: Auctioneer alerts when an auction closed without a sale, because its highest bid is below the opening amount.",
        "false", "true or false", SettingParsers.OneOf("true", "false"));

    public static readonly Setting<string?> SettlementDatabase = new(
        "settlement.database", null, "Where Settlement keeps sales, stock and mails to winners; --database in Settlement.",
        "data/settlement.db", "a .db or .sqlite file, or postgres://user@host/database for several machines", SettingParsers.Database)
    { IsSecret = true };

    public static readonly Setting<string?> MailWinners = new(
        "settlement.mail_winners", null, "true: winners get mails by the mail server of the alerts; false: the mails become files in settlement.outbox.",
        "false", "true or false", SettingParsers.OneOf("true", "false"));

    public static readonly Setting<string?> WinnersOutbox = new(
        "settlement.outbox", null, "Folder for mails to winners as .eml files.",
        "outbox/winners", "a folder's name", SettingParsers.Text);

    public static readonly Setting<int?> StockStart = new(
        "stock.start", null, "What each item has in stock at first.",
        "20", "a whole number from 0 to 1000000", SettingParsers.Whole(0, Million));

    public static readonly Setting<IReadOnlyDictionary<string, decimal>?> StockOfItems = new(
        "stock.items", null, "What single items have in stock at first; it replaces stock.start for these items.",
        "", "one or more such as art=500, separated by commas, with whole numbers from 0 to 1000000", SettingParsers.CountsByItem)
    { Example = "art=50,electronics=10" };

    public static readonly Setting<int?> RefillAt = new(
        "stock.refill_at", null, "An item with less than this in stock is refilled.",
        "5", "a whole number from 0 to 1000000", SettingParsers.Whole(0, Million));

    public static readonly Setting<int?> RefillTo = new(
        "stock.refill_to", null, "What an item has in stock after a refill; more than stock.refill_at.",
        "20", "a whole number from 1 to 1000000", SettingParsers.Whole(1, Million));
}
