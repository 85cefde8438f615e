using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sam.Gpu.Cli.Display;

/// <summary>Lines of text that take the place of those drawn before, in one piece, so that nothing flickers.</summary>
/// <param name="lines">The lines, each shorter than the screen is wide.</param>
/// <param name="above">How many lines above the cursor the place begins.</param>
/// <param name="hasStyles">Whether the pieces differ in how they look.</param>
internal sealed class ScreenFrame(IReadOnlyList<IReadOnlyList<LinePiece>> lines, int above, bool hasStyles) : Renderable
{
    // Erases what the frame before left behind a shorter line, and below a lower frame.
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        yield return Segment.Control(above > 0 ? $"\r\u001b[{Numbers.Whole(above)}A" : "\r");
        for (int i = 0; i < lines.Count; i++)
        {
            foreach (var piece in lines[i])
            {
                yield return new Segment(piece.Text, hasStyles ? StyleOf(piece.Style) : Style.Plain);
            }

            yield return Segment.Control(i < lines.Count - 1 ? EraseLine : EraseBelow);
            if (i < lines.Count - 1)
            {
                yield return Segment.LineBreak;
            }
        }
    }

    // The colours of the figures as near as terminals come: blue for λ₁, orange for the edge.
    private static Style StyleOf(LineStyle style) => style switch
    {
        LineStyle.Title => new Style(decoration: Decoration.Bold),
        LineStyle.Faint => new Style(foreground: Color.Grey),
        LineStyle.Done => new Style(foreground: Color.Green),
        LineStyle.Eigenvalue => new Style(foreground: Color.DeepSkyBlue1),
        LineStyle.Edge => new Style(foreground: Color.Orange1),
        LineStyle.Warning => new Style(foreground: Color.Red),
        _ => Style.Plain,
    };
}
