using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>A figure as plain data: what to draw, in which size and style, and nothing about how.</summary>
/// <remarks>
/// Every text is Unicode with the markup of <see cref="FigureText"/>. Backends draw the same figure alike; the built-in one is
/// <see cref="SvgRenderer"/>.
/// </remarks>
public sealed record Figure
{
    /// <summary>Name in file names, as <c>eigenvalues</c>: plain text.</summary>
    public required string Name { get; init; }

    /// <summary>Printed size.</summary>
    public FigureSize Size { get; init; } = FigureSize.SingleColumn;

    /// <summary>Title above the plot area; null for none, as papers prefer where a caption says it.</summary>
    public string? Title { get; init; }

    /// <summary>One or two plain sentences for readers who cannot see the figure.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where the numbers come from; goes into the file's metadata as plain text.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>The horizontal axis.</summary>
    public required FigureAxis XAxis { get; init; }

    /// <summary>The vertical axis.</summary>
    public required FigureAxis YAxis { get; init; }

    /// <summary>What is plotted, the most important first: it lies above later series of the same role.</summary>
    public required IReadOnlyList<FigureSeries> Series { get; init; }

    /// <summary>How series are named in the figure.</summary>
    public FigureLabels Labels { get; init; } = FigureLabels.Direct;

    /// <summary>Texts at data coordinates.</summary>
    public IReadOnlyList<FigureAnnotation> Annotations { get; init; } = [];

    /// <summary>Vertical lines at moments worth noting.</summary>
    public IReadOnlyList<FigureEvent> Events { get; init; } = [];

    /// <summary>Short remarks in small print under the plot. A backend adds its own about points that it could not show.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Throws where the figure contradicts itself.</summary>
    /// <exception cref="ArgumentException">Lengths differ, a range is empty, or a size is out of bounds.</exception>
    internal void Validate()
    {
        if (!(Size.WidthMillimetres is >= 20 and <= 2000 && Size.HeightMillimetres is >= 20 and <= 2000))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Figure '{Name}': the size is {Size.WidthMillimetres} mm × {Size.HeightMillimetres} mm; each must be in [20, 2000] mm."));
        }

        XAxis.Validate(Name);
        YAxis.Validate(Name);
        foreach (FigureSeries series in Series)
        {
            series.Validate(Name);
        }
    }
}
