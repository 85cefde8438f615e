namespace Sam.Gpu.Figures;

/// <summary>What a series stands for; a backend draws bands first, then lines, then thresholds, then points.</summary>
public enum SeriesRole
{
    /// <summary>Measurements joined by a line.</summary>
    Line,

    /// <summary>
    /// A bound that lines are read against. With one value and no abscissa it spans the plot; otherwise it is a line.
    /// </summary>
    Threshold,

    /// <summary>Markers alone.</summary>
    Points,

    /// <summary>The area between <see cref="FigureSeries.Lower"/> and <see cref="FigureSeries.Y"/>, as for a range over seeds.</summary>
    Band,
}

/// <summary>The shape of a point.</summary>
public enum FigureMarker
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A triangle that points up.</summary>
    Triangle,

    /// <summary>A square on its corner.</summary>
    Diamond,
}

/// <summary>One curve, bound, set of points or band.</summary>
public sealed record FigureSeries
{
    /// <summary>Name in the figure, in the markup of <see cref="FigureText"/>; null for a series that needs none.</summary>
    public string? Label { get; init; }

    /// <summary>What the series stands for.</summary>
    public SeriesRole Role { get; init; } = SeriesRole.Line;

    /// <summary>Abscissas [n]; empty for a threshold that spans the plot.</summary>
    public required IReadOnlyList<double> X { get; init; }

    /// <summary>
    /// Ordinates [n]; of a band, its upper bound. A value that is NaN (not measured), infinite, or not positive on a logarithmic axis
    /// breaks the line.
    /// </summary>
    public required IReadOnlyList<double> Y { get; init; }

    /// <summary>Lower bound [n] of a band; null for every other role.</summary>
    public IReadOnlyList<double>? Lower { get; init; }

    /// <summary>
    /// Per point [n], whether the value did not converge; null where all did. Such points are open markers, and no line runs through
    /// them.
    /// </summary>
    public IReadOnlyList<bool>? Unconverged { get; init; }

    /// <summary>Colour in <see cref="FigurePalette.Colour"/>.</summary>
    public int ColourIndex { get; init; }

    /// <summary>Dash pattern in <see cref="FigurePalette.Dashes"/>.</summary>
    public int DashIndex { get; init; }

    /// <summary>Line width in points (1/72 in).</summary>
    public double LineWidth { get; init; } = 1;

    /// <summary>Marker at every point; null for none, or for a circle where the role is <see cref="SeriesRole.Points"/>.</summary>
    public FigureMarker? Marker { get; init; }

    /// <summary>Whether this is a threshold that spans the plot.</summary>
    internal bool SpansPlot => Role == SeriesRole.Threshold && X.Count == 0 && Y.Count == 1;

    /// <summary>Throws where the lengths differ or the style is not one.</summary>
    internal void Validate(string figureName)
    {
        bool sameLength = X.Count == Y.Count || SpansPlot;
        bool unconvergedFits = Unconverged is null || Unconverged.Count == Y.Count;
        bool lowerFits = Role == SeriesRole.Band ? Lower?.Count == Y.Count : Lower is null;
        if (!(sameLength && unconvergedFits && lowerFits))
        {
            throw new ArgumentException(
                $"Figure '{figureName}', series '{Label}': {X.Count} abscissas, {Y.Count} ordinates, {Unconverged?.Count} convergence flags and {Lower?.Count} lower bounds; all that are given must have one length, and only a band has lower bounds.");
        }

        if (!(LineWidth is > 0 and <= 20 && ColourIndex >= 0 && DashIndex >= 0))
        {
            throw new ArgumentException(
                $"Figure '{figureName}', series '{Label}': line widths are in (0, 20] points, colours and dashes count from 0.");
        }
    }
}
