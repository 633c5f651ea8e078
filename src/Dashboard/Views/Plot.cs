using System.Globalization;
using System.Text;

namespace AuctionTracker.Dashboard.Views;

/// <summary>The area of a chart in which values are drawn against a time or an amount: 600 by 240 units, which the page stretches. Immutable.</summary>
/// <param name="From">The place on the left.</param>
/// <param name="To">The place on the right.</param>
/// <param name="Top">The value at the top; 0 is at the bottom.</param>
public sealed record Plot(double From, double To, double Top)
{
    /// <summary>The width in units.</summary>
    public const int Width = 600;

    /// <summary>The height in units.</summary>
    public const int Height = 240;

    private static readonly double[] NiceFactors = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

    /// <summary>Creates a plot whose top is a round number, at least the highest value.</summary>
    /// <param name="from">The place on the left.</param>
    /// <param name="to">The place on the right.</param>
    /// <param name="highest">The highest value.</param>
    /// <param name="isWhole">Whether the values of the scale are whole numbers.</param>
    public static Plot Of(double from, double to, double highest, bool isWhole = false)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(highest, isWhole ? Steps : 1) / Steps)));
        var step = NiceFactors.Select(factor => factor * power).First(step => step * Steps >= highest && (!isWhole || double.IsInteger(step)));
        return new Plot(from, to, step * Steps);
    }

    /// <summary>The number of steps of the scale.</summary>
    public const int Steps = 4;

    /// <summary>The values of the scale, from the top to 0.</summary>
    public IEnumerable<double> Scale => Enumerable.Range(0, Steps + 1).Select(i => Top * (Steps - i) / Steps);

    /// <summary>A place; one outside is at the edge.</summary>
    public string X(double place) => Unit((Math.Clamp(place, From, To) - From) / (To - From) * Width);

    /// <summary>A value; one above the scale is at the top edge.</summary>
    public string Y(double value) => Unit(Height - (Math.Min(value, Top) / Top * Height));

    /// <summary>A line through points.</summary>
    public string Line(IEnumerable<(double Place, double Value)> points) => Path(points, (path, x, y) => path.Append('L').Append(x).Append(' ').Append(y));

    /// <summary>A line that keeps its value until the next point.</summary>
    public string StepLine(IEnumerable<(double Place, double Value)> points) => Path(points, (path, x, y) => path.Append('H').Append(x).Append('V').Append(y));

    /// <summary>Dots. A line without length has round ends, whose size does not stretch.</summary>
    public string Dots(IEnumerable<(double Place, double Value)> points) =>
        string.Concat(points.Select(p => $"M{X(p.Place)} {Y(p.Value)}h0"));

    /// <summary>Bars that stand on 0.</summary>
    public string Bars(IEnumerable<(double From, double To, double Value)> bars) =>
        string.Concat(bars.Select(bar => $"M{X(bar.From)} {Height}V{Y(bar.Value)}H{X(bar.To)}V{Height}z"));

    private string Path(IEnumerable<(double Place, double Value)> points, Action<StringBuilder, string, string> append)
    {
        var path = new StringBuilder();
        foreach (var (place, value) in points)
        {
            if (path.Length == 0)
            {
                path.Append('M').Append(X(place)).Append(' ').Append(Y(value));
            }
            else
            {
                append(path, X(place), Y(value));
            }
        }

        return path.ToString();
    }

    private static string Unit(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
