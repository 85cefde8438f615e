namespace Sam.Gpu.Figures;

/// <summary>How series are named in the figure.</summary>
public enum FigureLabels
{
    /// <summary>At the right end of each line; where that cannot be read, as <see cref="Legend"/>.</summary>
    Direct,

    /// <summary>A legend in the emptiest part of the plot, or above the plot where no part is empty.</summary>
    Legend,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>A text at data coordinates.</summary>
/// <param name="X">Abscissa of the text's centre.</param>
/// <param name="Y">Ordinate of the text's centre.</param>
/// <param name="Text">The text, in the markup of <see cref="FigureText"/>.</param>
public sealed record FigureAnnotation(double X, double Y, string Text);

/// <summary>A vertical line at a moment worth noting, as the step where the step size fell.</summary>
/// <param name="X">The abscissa.</param>
/// <param name="Label">What happened, in the markup of <see cref="FigureText"/>; null for a bare line.</param>
public sealed record FigureEvent(double X, string? Label = null);
