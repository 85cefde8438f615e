using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sam.Gpu.Cli.Display;

/// <summary>Lines of text that take the place of those drawn before, in one piece, so that nothing flickers.</summary>
/// <remarks>
/// The cursor rests, and is saved, where the frame begins. What the terminal echoes meanwhile goes into the frame, which the next one takes
/// away, and an Enter moves the cursor down inside it and scrolls nothing. So the saved place stays right until the screen changes its
/// size; then terminals move the cursor along with the text, but not what they have saved.
/// </remarks>
/// <param name="lines">The lines, each shorter than the screen is wide.</param>
/// <param name="isSaved">Whether the frame before has saved the place; if not, the frame begins in the line of the cursor.</param>
/// <param name="hasStyles">Whether the pieces differ in how they look.</param>
internal sealed class ScreenFrame(IReadOnlyList<IReadOnlyList<LinePiece>> lines, bool isSaved, bool hasStyles) : Renderable
{
    // Erases what the frame before left behind a shorter line, and below a lower frame.
    private const string EraseLine = "\u001b[K";
    private const string EraseBelow = "\u001b[J";

    // DECSC and DECRC, which more terminals know than the sequences of ANSI.SYS.
    private const string SaveCursor = "\u001b7";
    private const string RestoreCursor = "\u001b8";

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        yield return Segment.Control(isSaved ? RestoreCursor : "\r");
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

        string up = lines.Count > 1 ? $"\u001b[{Numbers.Whole(lines.Count - 1)}A" : "";
        yield return Segment.Control($"\r{up}{SaveCursor}");
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
