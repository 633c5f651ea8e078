using Spectre.Console.Rendering;

namespace AuctionTracker.Dashboard.Terminal;

/// <summary>Content of a fixed size: what is larger is cut, so that no line wraps.</summary>
internal sealed class Screen(IRenderable content, int width, int height) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(width, width);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var lines = Segment.SplitLines(content.Render(options with { Height = height }, width), width, height);
        foreach (var (i, line) in lines.Take(height).Index())
        {
            if (i > 0)
            {
                yield return Segment.LineBreak;
            }

            foreach (var segment in line)
            {
                yield return segment;
            }
        }
    }
}
