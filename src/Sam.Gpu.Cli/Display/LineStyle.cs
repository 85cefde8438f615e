namespace Sam.Gpu.Cli.Display;

/// <summary>What a piece of a frame is, and so how it looks.</summary>
internal enum LineStyle
{
    /// <summary>Text.</summary>
    Plain,

    /// <summary>The name of the run.</summary>
    Title,

    /// <summary>Labels, axes, what is left of the bar.</summary>
    Faint,

    /// <summary>What is done.</summary>
    Done,

    /// <summary>λ₁.</summary>
    Eigenvalue,

    /// <summary>The edge.</summary>
    Edge,

    /// <summary>What to look at.</summary>
    Warning,
}
