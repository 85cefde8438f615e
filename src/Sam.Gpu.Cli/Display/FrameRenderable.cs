using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sam.Gpu.Cli.Display;

/// <summary>The frame of a run as the console draws it, composed anew at each drawing.</summary>
/// <param name="state">The run at the moment; null before it begins.</param>
/// <param name="hasStyles">Whether the pieces differ in how they look.</param>
internal sealed class FrameRenderable(Func<RunState?> state, bool hasStyles) : Renderable
{
    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (state() is not { } now)
        {
            yield break;
        }

        // The last column stays free: some terminals wrap when it is written.
        var lines = RunFrame.Compose(now, maxWidth - 1, options.ConsoleSize.Height);
        for (int i = 0; i < lines.Count; i++)
        {
            foreach (var piece in lines[i])
            {
                yield return new Segment(piece.Text, hasStyles ? StyleOf(piece.Style) : Style.Plain);
            }

            // What the frame before left behind a shorter line goes.
            yield return Segment.Control("\u001b[K");
            if (i < lines.Count - 1)
            {
                yield return Segment.LineBreak;
            }
        }
    }

    // The colours of the figures as near as sixteen come: blue for λ₁, orange for the edge.
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
