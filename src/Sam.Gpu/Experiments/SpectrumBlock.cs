using Sam.Gpu.Curvature;

namespace Sam.Gpu.Experiments;

/// <summary>What was measured of one block of the matrix.</summary>
public sealed record SpectrumBlock
{
    private const double MassTolerance = 1e-3;
    private const double TraceTolerance = 0.01;
    private const double MostStandardErrors = 3;

    /// <summary>The parameters that the block belongs to.</summary>
    public required ParameterMask Mask { get; init; }

    /// <summary>The largest eigenvalues, the largest first, [K].</summary>
    public required IReadOnlyList<EigenPair> Top { get; init; }

    /// <summary>The smallest eigenvalues, the smallest first, [K].</summary>
    public required IReadOnlyList<EigenPair> Bottom { get; init; }

    /// <summary>How the measurement of the eigenvalues ended.</summary>
    public required string Explanation { get; init; }

    /// <summary>The products that the eigenvalues took.</summary>
    public required int EigenvalueProducts { get; init; }

    /// <summary>The trace by Hutchinson's estimator.</summary>
    public required TraceEstimate Hutchinson { get; init; }

    /// <summary>The trace by Hutch++.</summary>
    public required TraceEstimate HutchPlusPlus { get; init; }

    /// <summary>The spectral density as a quadrature, the converged eigenvalues deflated.</summary>
    public required SpectralDensity Density { get; init; }

    /// <summary>The smoothed density.</summary>
    public required DensityTable Table { get; init; }

    /// <summary>The alignment of the gradient's numbers in the block with the top eigenvectors.</summary>
    public required Alignment Gradient { get; init; }

    /// <summary>The same of SAM's gradient; null without an ascent.</summary>
    public Alignment? SamGradient { get; init; }

    /// <summary>The mean of the smoothed density times d, which is to be the trace, with the standard error over the runs.</summary>
    public TraceEstimate DensityTrace => Density.Trace with { Value = Mask.Dimension * Table.Mean };

    /// <summary>Check: whether the mass of the smoothed density is 1 within 0.001.</summary>
    public bool MassAgrees => Math.Abs(Table.Mass - 1) <= MassTolerance;

    /// <summary>
    /// The distance of the density's trace from that of Hutch++, in standard errors of their difference; infinite where both are exact but
    /// for rounding.
    /// </summary>
    public double TraceDeviation
    {
        get
        {
            double error = Math.Sqrt(Square(DensityTrace.StandardError) + Square(HutchPlusPlus.StandardError));
            double difference = Math.Abs(DensityTrace.Value - HutchPlusPlus.Value);
            return difference == 0 ? 0 : difference / error;
        }
    }

    /// <summary>The same distance as a fraction of the trace by Hutch++.</summary>
    public double TraceDifference => Math.Abs(DensityTrace.Value - HutchPlusPlus.Value) / Math.Abs(HutchPlusPlus.Value);

    /// <summary>Check: whether the two traces are the same within 3 standard errors, or within 1 %.</summary>
    public bool TraceAgrees => TraceDeviation <= MostStandardErrors || TraceDifference <= TraceTolerance;

    private static double Square(double number) => number * number;
}
