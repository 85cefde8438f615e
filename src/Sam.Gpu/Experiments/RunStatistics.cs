using Sam.Gpu.Figures;

namespace Sam.Gpu.Experiments;

/// <summary>A run in the numbers that say whether it rode its edge: over the last part of its measurements.</summary>
/// <remarks>
/// Taken from the files of the run. Quantiles interpolate linearly between the ordered values, as NumPy's do by default; what was not measured
/// is NaN.
/// </remarks>
public sealed record RunStatistics
{
    /// <summary>The part of the measurements that counts unless another is asked for: by then a run of some length is at its edge.</summary>
    public const double LastHalf = 0.5;

    private RunStatistics()
    {
    }

    /// <summary>The measurements that count.</summary>
    public required int Measurements { get; init; }

    /// <summary>Those of them whose λ₁ has not converged.</summary>
    public required int Unconverged { get; init; }

    /// <summary>The median of λ₁; of λ₁(P⁻¹H) where the run measured it, here and below.</summary>
    public required double Sharpness { get; init; }

    /// <summary>The median of the edge that applies: SAM's, or without an ascent that of the base optimizer.</summary>
    public required double Edge { get; init; }

    /// <summary>The median of λ₁/edge.</summary>
    public required double Ratio { get; init; }

    /// <summary>The mean of λ₁/edge.</summary>
    public required double MeanRatio { get; init; }

    /// <summary>The 10 % quantile of λ₁/edge.</summary>
    public required double LowRatio { get; init; }

    /// <summary>The 90 % quantile of λ₁/edge.</summary>
    public required double HighRatio { get; init; }

    /// <summary>The median of |cos| of the angle between the plain gradient and the first eigenvector.</summary>
    public required double GradientAlignment { get; init; }

    /// <summary>The median of |cos| of the angle between SAM's gradient and the first eigenvector.</summary>
    public required double SamGradientAlignment { get; init; }

    /// <summary>The fraction of the measurements in which SAM's gradient is better aligned than the plain one; NaN without an ascent.</summary>
    public required double BetterAligned { get; init; }

    /// <summary>The mean of the training loss over the last tenth of the steps that were read.</summary>
    public required double Loss { get; init; }

    /// <summary>Takes the statistics of a run.</summary>
    /// <param name="run">What it measured.</param>
    /// <param name="part">The part of the measurements, the last ones, that counts; in (0, 1]. At least one does, if there is one.</param>
    public static RunStatistics Of(RunSeries run, double part = LastHalf)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!(part is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(part), part, "A part above 0 and at most 1 is needed.");
        }

        int count = LastOf(run.Steps.Count, part);
        if (count == 0)
        {
            throw new ArgumentException($"The run '{run.Name}' has no measurement.", nameof(run));
        }

        double[] sharpness = Last(run.Sharpness, count);
        double[] edge = Last(run.Edge, count);
        double[] ratio = [.. sharpness.Zip(edge, (eigenvalue, limit) => eigenvalue / limit)];
        double[] gradient = Last(run.AlignmentGradient, count);
        double[] samGradient = Last(run.AlignmentSamGradient, count);
        int compared = samGradient.Count(double.IsFinite);
        return new RunStatistics
        {
            Measurements = count,
            Unconverged = run.SharpnessConverged.Skip(run.Steps.Count - count).Count(converged => !converged),
            Sharpness = Quantile(sharpness, 0.5),
            Edge = Quantile(edge, 0.5),
            Ratio = Quantile(ratio, 0.5),
            MeanRatio = ratio.Average(),
            LowRatio = Quantile(ratio, 0.1),
            HighRatio = Quantile(ratio, 0.9),
            GradientAlignment = Quantile(gradient, 0.5),
            SamGradientAlignment = Quantile(samGradient, 0.5),
            BetterAligned = compared == 0 ? double.NaN : (double)samGradient.Zip(gradient, (sam, plain) => sam > plain).Count(better => better) / compared,
            Loss = run.Losses.Count == 0 ? double.NaN : run.Losses.Skip(run.Losses.Count - LastOf(run.Losses.Count, 0.1)).Average(),
        };
    }

    private static int LastOf(int count, double part) => Math.Min(count, Math.Max(1, (int)Math.Ceiling(count * part)));

    // A column that a run does not have is as good as one without numbers.
    private static double[] Last(IReadOnlyList<double> column, int count) =>
        column.Count < count ? [.. Enumerable.Repeat(double.NaN, count)] : [.. column.Skip(column.Count - count)];

    private static double Quantile(double[] values, double fraction)
    {
        double[] ordered = [.. values.Where(double.IsFinite).Order()];
        if (ordered.Length == 0)
        {
            return double.NaN;
        }

        double place = fraction * (ordered.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, ordered.Length - 1);
        return ordered[below] + ((place - below) * (ordered[above] - ordered[below]));
    }
}
