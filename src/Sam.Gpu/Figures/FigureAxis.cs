using System.Globalization;

namespace Sam.Gpu.Figures;

/// <summary>How values are spaced along an axis.</summary>
public enum AxisScale
{
    /// <summary>Equal differences, equal distances.</summary>
    Linear,

    /// <summary>Equal factors, equal distances; shows positive values only.</summary>
    Logarithmic,
}

/// <summary>One axis of a figure.</summary>
public sealed record FigureAxis
{
    /// <summary>What is measured, with its unit, in the markup of <see cref="FigureText"/>.</summary>
    public required string Label { get; init; }

    /// <summary>The spacing of the values.</summary>
    public AxisScale Scale { get; init; } = AxisScale.Linear;

    /// <summary>The lower end of the axis; null to take it from the data. Positive on a logarithmic axis.</summary>
    public double? Minimum { get; init; }

    /// <summary>The upper end of the axis; null to take it from the data. Above <see cref="Minimum"/>.</summary>
    public double? Maximum { get; init; }

    /// <summary>Throws where the fixed range is not one.</summary>
    internal void Validate(string figureName)
    {
        bool finite = double.IsFinite(Minimum ?? 1) && double.IsFinite(Maximum ?? 1);
        bool ordered = Minimum is not { } low || Maximum is not { } high || low < high;
        bool positive = Scale == AxisScale.Linear || ((Minimum ?? 1) > 0 && (Maximum ?? 1) > 0);
        if (!(finite && ordered && positive))
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"Figure '{figureName}', axis '{Label}': the range {Minimum} to {Maximum} is not allowed; both ends must be finite, the first below the second, and on a logarithmic axis positive."));
        }
    }
}
