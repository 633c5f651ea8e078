using System.Globalization;
using System.Text.RegularExpressions;
using AuctionTracker.Core.Hosting;

namespace AuctionTracker.Dashboard.Views;

/// <summary>Texts of values, for people.</summary>
public static partial class Show
{
    private const int MaxNameLength = 40;
    private const int MaxSubjectLength = 100;

    /// <summary>A name from a message: short, and without characters that move others.</summary>
    public static string Name(string? text) => text is null ? "–" : UntrustedText.Cut(text, MaxNameLength);

    /// <summary>The subject of a mail. An amount at its end is written as elsewhere on the page; mails have no thousands separators.</summary>
    public static string Subject(string text) => UntrustedText.Cut(
        LastAmount().Replace(text, match => Money(decimal.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))), MaxSubjectLength);

    public static string Money(decimal amount) => amount.ToString("$#,0.00", CultureInfo.InvariantCulture);

    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A number of things, as in <c>1 bid</c> and <c>2 bids</c>.</summary>
    public static string Count(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    public static string Rate(double rate) => rate.ToString(rate < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A value of a scale; from a million on as in <c>1.5M</c>, because there is little room beside a chart.</summary>
    public static string Scale(double value) => value switch
    {
        >= 1e12 => (value / 1e12).ToString("#,0.###'T'", CultureInfo.InvariantCulture),
        >= 1e9 => (value / 1e9).ToString("0.###'B'", CultureInfo.InvariantCulture),
        >= 1e6 => (value / 1e6).ToString("0.###'M'", CultureInfo.InvariantCulture),
        _ => value.ToString(value < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture),
    };

    /// <summary>A time span, as short as possible.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (int)age.TotalSeconds)} s"),
        { TotalMinutes: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalDays} d"),
    };

    /// <summary>A time span to the second, as in <c>6 min 40 s</c>.</summary>
    public static string Span(TimeSpan span) =>
        span.Seconds == 0 || span.TotalMinutes < 1 ? Age(span) : $"{Age(span)} {Age(TimeSpan.FromSeconds(span.Seconds))}";

    /// <summary>A time in seconds, with three digits at most.</summary>
    public static string Seconds(decimal seconds) => $"{seconds.ToString(seconds < 10 ? "0.00" : seconds < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture)} s";

    /// <summary>The time until an auction closes, rounded up to seconds: it is over when it says so.</summary>
    public static string Closing(TimeSpan? left) =>
        left is not { } span ? "–" : span <= TimeSpan.Zero ? "over" : $"in {Remaining(TimeSpan.FromSeconds(Math.Ceiling(span.TotalSeconds)))}";

    /// <summary>A time span in its two largest units.</summary>
    private static string Remaining(TimeSpan span) => span switch
    {
        { TotalMinutes: < 60 } => Span(span),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h"),
    };

    /// <summary>A change since a minute before, with its sign.</summary>
    public static string Change(long change) => change.ToString("+#,0;−#,0;±0", CultureInfo.InvariantCulture);

    public static string Change(decimal change) => change.ToString("+$#,0.00;−$#,0.00;±$0", CultureInfo.InvariantCulture);

    /// <summary>The path of an auction's page.</summary>
    public static string AuctionPath(string auction) => $"/auction/{Uri.EscapeDataString(auction)}";

    /// <summary>A part as a CSS width.</summary>
    public static string Percent(double part) => (Math.Clamp(part, 0, 1) * 100).ToString("0.##'%'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$([0-9]{4,20}\.[0-9]{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex LastAmount();
}
