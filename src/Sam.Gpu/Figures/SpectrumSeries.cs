namespace Sam.Gpu.Figures;

/// <summary>What the figures of a spectrum show of one block of the matrix.</summary>
public sealed record SpectrumSeries
{
    /// <summary>The names of the layers, or <c>whole</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the block is the whole matrix.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>The matrix, in a sentence.</summary>
    public required string Matrix { get; init; }

    /// <summary>n, the eigenvalues.</summary>
    public required int Dimension { get; init; }

    /// <summary>Evenly spaced abscissas of the density, [G].</summary>
    public required IReadOnlyList<double> Points { get; init; }

    /// <summary>The smoothed density, of mass 1, [G].</summary>
    public required IReadOnlyList<double> Density { get; init; }

    /// <summary>σ, the standard deviation of the smoothing.</summary>
    public required double Width { get; init; }

    /// <summary>The largest eigenvalues, the largest first, [K].</summary>
    public required IReadOnlyList<double> Top { get; init; }

    /// <summary>The smallest eigenvalues, the smallest first, [K].</summary>
    public required IReadOnlyList<double> Bottom { get; init; }

    /// <summary>Which of the largest are only estimates, [K].</summary>
    public required IReadOnlyList<bool> TopUnconverged { get; init; }

    /// <summary>Which of the smallest are only estimates, [K].</summary>
    public required IReadOnlyList<bool> BottomUnconverged { get; init; }

    /// <summary>The edge of the base step; NaN for none.</summary>
    public required double BaseEdge { get; init; }

    /// <summary>The edge of SAM; NaN for none.</summary>
    public required double SamEdge { get; init; }

    /// <summary>The share of the gradient's squared norm in the span of the first k eigenvectors, k = 1 … K, [K].</summary>
    public required IReadOnlyList<double> Gradient { get; init; }

    /// <summary>The same of SAM's gradient; empty for none.</summary>
    public required IReadOnlyList<double> SamGradient { get; init; }

    /// <summary>Where the numbers come from.</summary>
    public string Provenance { get; init; } = "";
}
