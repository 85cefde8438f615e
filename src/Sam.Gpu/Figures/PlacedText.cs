namespace Sam.Gpu.Figures;

/// <summary>Which part of a text stands at its place.</summary>
internal enum TextAnchor
{
    /// <summary>Its beginning.</summary>
    Start,

    /// <summary>Its middle.</summary>
    Middle,

    /// <summary>Its end.</summary>
    End,
}

/// <summary>A text on the page.</summary>
/// <param name="Text">The text.</param>
/// <param name="Baseline">Where the anchored part of its baseline is.</param>
/// <param name="Anchor">The anchored part.</param>
/// <param name="Colour">Its colour, 0xRRGGBB.</param>
/// <param name="Upwards">Whether it reads from bottom to top.</param>
internal sealed record PlacedText(FittedText Text, PagePoint Baseline, TextAnchor Anchor, int Colour, bool Upwards = false)
{
    /// <summary>The box that capitals and digits of the text fill.</summary>
    public PageRectangle Bounds
    {
        get
        {
            double before = Text.Width * Anchor switch { TextAnchor.Start => 0, TextAnchor.Middle => 0.5, _ => 1 };
            double rise = Text.FontSize * FontMetrics.CapHeight;
            return Upwards
                ? new(Baseline.X - rise, Baseline.Y + before - Text.Width, Baseline.X, Baseline.Y + before)
                : new(Baseline.X - before, Baseline.Y - rise, Baseline.X - before + Text.Width, Baseline.Y);
        }
    }
}
