using System.Globalization;
using System.Text;

namespace AuctionTracker.Report.Formats;

/// <summary>
/// Draws a table's picture as HTML and SVG that stretch with the page: bars beside their names where the places are texts, otherwise bars or
/// lines over an axis of days, times or numbers.
/// </summary>
/// <param name="definition">Which columns are drawn.</param>
/// <param name="table">The table.</param>
/// <param name="content">The rows that are drawn.</param>
internal sealed class Picture(PictureDefinition definition, ReportTable table, ShownRows content)
{
    private const int MaxNames = 20;
    private const int MaxSeries = 7;
    private const int Width = 1000;
    private const int Height = 260;
    private const int SingleBarShare = 6; // a bar alone takes so much of the width, and is no wall
    private const string Others = "others";

    private static readonly decimal[] NiceFactors = [1, 2, 5, 10];

    private readonly int _measure = table.Columns.ToList().IndexOf(definition.Measure);
    private readonly int _position = table.Columns.ToList().IndexOf(definition.Position);
    private readonly int _series = definition.Series is null ? -1 : table.Columns.ToList().IndexOf(definition.Series);

    private IReadOnlyList<IReadOnlyList<object?>> Rows => content.Rows;

    /// <summary>The picture with its caption.</summary>
    public string Draw()
    {
        var highest = Rows.MaxBy(row => Cells.NumberOf(row[_measure]))!;
        var caption = $"{Label(definition.Measure)} by {Label(definition.Position)}{(definition.Series is { } series ? $" and {Label(series)}" : "")}";
        var title = $"{char.ToUpperInvariant(caption[0])}{caption[1..]}";
        var part = content.Omission.Length > 0 ? FormattableString.Invariant($", the first {Rows.Count:#,0} of {content.Count:#,0} rows") : "";
        var summary = $"{title}{part}; the highest is {Cells.Show(highest[_measure], table.Zone)} at {Cells.Show(highest[_position], table.Zone)}. The table has the same Rows.";
        var (plot, note) = Rows.All(row => row[_position] is string or null) ? DrawNames() : (DrawAxis(), part);
        return $"<figure><figcaption>{HtmlPage.Encode(title + note)}</figcaption><div role=\"img\" aria-label=\"{HtmlPage.Encode(summary)}\">{plot}</div></figure>";
    }

    private static string Label(string column) => column.Replace('_', ' ');

    private (string Plot, string Note) DrawNames()
    {
        var top = Rows.OrderByDescending(row => Cells.NumberOf(row[_measure])).Take(MaxNames).ToList();
        var highest = Math.Max(Cells.NumberOf(top[0][_measure]), 0.01m);
        var html = new StringBuilder("<div class=\"rows\">");
        foreach (var row in top)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span>{HtmlPage.Encode(Cells.Show(row[_position], table.Zone))}</span>")
                .Append(CultureInfo.InvariantCulture, $"<i style=\"width:{Cells.NumberOf(row[_measure]) / highest * 100:0.##}%\"></i>")
                .Append(CultureInfo.InvariantCulture, $"<span>{HtmlPage.Encode(Cells.Show(row[_measure], table.Zone))}</span>");
        }

        return (html.Append("</div>").ToString(), Rows.Count > MaxNames ? $", the {MaxNames} highest" : "");
    }

    private string DrawAxis()
    {
        var points = Rows.Where(row => row[_position] is not null)
            .Select(row => (Place: PlaceOf(row[_position]!), Row: row, Value: Cells.NumberOf(row[_measure]))).OrderBy(p => p.Place).ToList();
        var names = _series < 0
            ? [definition.Measure]
            : points.GroupBy(p => SeriesOf(p.Row)).OrderByDescending(g => g.Sum(p => p.Value)).ThenBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => g.Key).ToList();
        List<string> shown = names.Count > MaxSeries ? [.. names.Take(MaxSeries), Others] : names;
        int IndexOf(IReadOnlyList<object?> row) => _series < 0 ? 0 : shown.IndexOf(SeriesOf(row)) is var i and >= 0 ? i : shown.Count - 1;

        var places = points.Select(p => p.Place).Distinct().ToList();
        var gap = places.Zip(places.Skip(1), (a, b) => b - a).DefaultIfEmpty(Math.Max(1, Math.Abs(places[0]) / 1e6)).Min(); // one tick more is the same double
        var (first, last) = definition.IsLine && places.Count > 1 ? (places[0], places[^1]) : (places[0], places[^1] + (places.Count == 1 ? SingleBarShare * gap : gap));
        double X(double place) => (place - first) / (last - first) * Width;

        var highest = definition.IsLine ? points.Max(p => p.Value) : points.GroupBy(p => p.Place).Max(g => g.Sum(p => p.Value));
        var step = NiceStep(highest / 4);
        var top = Math.Max(Math.Ceiling(highest / step), 1) * step;
        decimal Y(decimal value) => Height - (value / top * Height);

        var svg = new StringBuilder();
        var ticks = Enumerable.Range(0, (int)(top / step) + 1).Select(i => i * step).ToList();
        foreach (var tick in ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"0\" x2=\"{Width}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\"/>");
        }

        if (definition.IsLine)
        {
            foreach (var series in points.GroupBy(p => IndexOf(p.Row)).OrderBy(g => g.Key))
            {
                svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"s\" style=\"stroke:var(--c{series.Key})\" points=\"");
                svg.AppendJoin(' ', series.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Place):0.#},{Y(p.Value):0.#}")));
                svg.Append("\"/>");
            }
        }
        else
        {
            foreach (var stack in points.GroupBy(p => p.Place))
            {
                var below = 0m;
                foreach (var part in stack.GroupBy(p => IndexOf(p.Row)).OrderBy(g => g.Key))
                {
                    var value = part.Sum(p => p.Value);
                    var what = $"{Cells.Show(part.First().Row[_position], table.Zone)}{(_series < 0 ? "" : $", {shown[part.Key]}")}: {ShowMeasure(value)}";
                    svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(stack.Key):0.##}\" width=\"{Math.Max((X(stack.Key + gap) - X(stack.Key)) * 0.9, 0.6):0.##}\"")
                        .Append(CultureInfo.InvariantCulture, $" y=\"{Y(below + value):0.##}\" height=\"{value / top * Height:0.##}\" style=\"fill:var(--c{part.Key})\">")
                        .Append(CultureInfo.InvariantCulture, $"<title>{HtmlPage.Encode(what)}</title></rect>");
                    below += value;
                }
            }
        }

        var labels = ticks.Select(tick => string.Create(
            CultureInfo.InvariantCulture, $"<span>{ShowTick(tick)}</span><b style=\"top:{Y(tick) / Height * 100:0.##}%\">{ShowTick(tick)}</b>"));
        var axis = places.Count == 1 ? [points[0].Row] : new[] { points[0].Row, NearestTo((first + last) / 2), points[^1].Row };
        var key = _series < 0 ? "" : $"<ul class=\"key\">{string.Concat(shown.Select((name, i) =>
            $"<li><i style=\"background:var(--c{i})\"></i>{HtmlPage.Encode(name)}</li>"))}</ul>";
        return $"<div class=\"plot\"><div class=\"y\">{string.Concat(labels)}</div>" +
            $"<svg viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{svg}</svg>" +
            $"<div class=\"x\">{string.Concat(axis.Select(row => $"<span>{HtmlPage.Encode(Cells.Show(row[_position], table.Zone))}</span>"))}</div></div>{key}";

        IReadOnlyList<object?> NearestTo(double place) => points.MinBy(p => Math.Abs(p.Place - place)).Row;
    }

    private string SeriesOf(IReadOnlyList<object?> row) => Cells.Show(row[_series], table.Zone);

    private string ShowMeasure(decimal value) => Cells.Show(Rows[0][_measure] is long ? (long)value : value, table.Zone);

    private static string ShowTick(decimal value) => value.ToString("#,0.##", CultureInfo.InvariantCulture);

    private static double PlaceOf(object value) => value switch
    {
        DateOnly day => day.DayNumber,
        DateTimeOffset time => time.UtcTicks,
        DateTime time => time.Ticks,
        _ => (double)Cells.NumberOf(value),
    };

    /// <summary>1, 2 or 5 times a power of ten, at least the given step.</summary>
    private static decimal NiceStep(decimal least)
    {
        var power = 0.01m;
        while (power * 10 < least)
        {
            power *= 10;
        }

        return NiceFactors.Select(factor => factor * power).First(step => step >= least || step == 10 * power);
    }
}
