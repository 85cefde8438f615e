namespace Sam.Gpu.Figures;

/// <summary>A text that is ready to be set.</summary>
/// <param name="Runs">Its pieces.</param>
/// <param name="FontSize">Its font size in points.</param>
/// <param name="Width">Its width in points.</param>
internal sealed record FittedText(IReadOnlyList<TextRun> Runs, double FontSize, double Width);

/// <summary>Makes texts fit: first smaller, then shorter.</summary>
internal static class TextFit
{
    private const double SmallestScale = 0.75;

    /// <summary>The text at the given size, or shrunk to three quarters of it, or cut with an ellipsis.</summary>
    public static FittedText Fit(string markup, double fontSize, double maximumWidth)
    {
        IReadOnlyList<TextRun> runs = FigureText.Parse(markup);
        double width = FontMetrics.Width(runs, fontSize);
        if (width <= maximumWidth)
        {
            return new FittedText(runs, fontSize, width);
        }

        double scale = Math.Max(SmallestScale, maximumWidth / width);
        double size = fontSize * scale;
        width *= scale;
        while (width > maximumWidth * (1 + 1e-9) && runs.Count > 0)
        {
            runs = Shorten(runs);
            width = FontMetrics.Width(runs, size);
        }

        return new FittedText(runs, size, width);
    }

    /// <summary>The text without its last character, and an ellipsis instead; nothing in the end.</summary>
    private static List<TextRun> Shorten(IReadOnlyList<TextRun> runs)
    {
        List<TextRun> shorter = [.. runs];
        TextRun last = shorter[^1];
        string text = last.Text.TrimEnd('…');
        shorter.RemoveAt(shorter.Count - 1);
        if (text.Length == 0)
        {
            if (shorter.Count == 0)
            {
                return shorter;
            }

            last = shorter[^1];
            text = last.Text;
            shorter.RemoveAt(shorter.Count - 1);
        }

        int end = text.Length - (text.Length > 1 && char.IsLowSurrogate(text[^1]) ? 2 : 1);
        if (end > 0 || shorter.Count > 0)
        {
            shorter.Add(last with { Text = text[..end] + "…" });
        }

        return shorter;
    }
}
