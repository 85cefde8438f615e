using System.Globalization;

namespace Sam.Gpu.Curvature;

/// <summary>A smoothed spectral density on even points, with what can be checked of it.</summary>
/// <remarks>
/// φ_σ(t) = Σ w g_σ(t − θ) over the points θ of the quadrature with their weights w, g_σ the normal density. The table ends five σ beyond
/// the outermost points and has eight points to a σ, so that the trapezoidal sums that check it are exact to 10⁻⁶.
/// </remarks>
public sealed record DensityTable
{
    private const double Margin = 5;
    private const double PointsPerWidth = 8;
    private const double MostPoints = 1e6;

    private static readonly double[] None = [double.NaN, double.NaN];

    private DensityTable()
    {
    }

    /// <summary>σ, the standard deviation of the smoothing; NaN, as all else, if a number was not finite.</summary>
    public required double Width { get; init; }

    /// <summary>The points t, evenly spaced, [G].</summary>
    public required IReadOnlyList<double> Points { get; init; }

    /// <summary>φ_σ(t), the mean over the runs, [G].</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>The standard error of φ_σ(t) over the runs, [G]; NaN with one run, 0 with none.</summary>
    public required IReadOnlyList<double> StandardErrors { get; init; }

    /// <summary>∫ φ_σ dt by the trapezoidal rule: 1, if all is well.</summary>
    public double Mass => Moment(_ => 1);

    /// <summary>∫ t φ_σ dt by the trapezoidal rule: the trace over n, if all is well.</summary>
    public double Mean => Moment(point => point);

    /// <summary>Throws where a table of this width would be none, or too long.</summary>
    /// <param name="width">σ.</param>
    /// <param name="smallest">The smallest point.</param>
    /// <param name="largest">The largest point.</param>
    /// <exception cref="UsageException">The width is not positive, or the table would have more than a million points.</exception>
    internal static void RequireWidth(double width, double smallest, double largest)
    {
        if (!(width > 0) || Count(width, smallest, largest) > MostPoints)
        {
            double range = largest - smallest;
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"The width {width} of a spectral density from {smallest:g4} to {largest:g4} is not allowed: give a positive number, "
                + $"at least {range * PointsPerWidth / MostPoints:g2}, such as {range / 100:g3}."));
        }
    }

    internal static DensityTable Of(SpectralDensity density, double sigma)
    {
        if (!double.IsFinite(density.Smallest) || !double.IsFinite(density.Largest))
        {
            // There is nothing to draw, and what comes out says so.
            return new DensityTable { Width = double.NaN, Points = None, Values = None, StandardErrors = None };
        }

        RequireWidth(sigma, density.Smallest, density.Largest);
        double low = density.Smallest - (Margin * sigma);
        double high = density.Largest + (Margin * sigma);
        double count = Count(sigma, density.Smallest, density.Largest);
        double[] points = Even(low, high, (int)count);
        double known = 1.0 / density.Dimension;
        double rest = (density.Dimension - density.Deflated.Count) * known;
        double[] exact = Smooth(points, density.Deflated, [.. density.Deflated.Select(_ => known)], sigma);
        double[][] runs =
            [.. Enumerable.Range(0, density.Runs).Select(run => Smooth(points, density.Nodes(run), density.Weights(run), sigma))];
        var values = new double[points.Length];
        var errors = new double[points.Length];
        var samples = new double[runs.Length];
        for (int i = 0; i < points.Length; i++)
        {
            for (int run = 0; run < runs.Length; run++)
            {
                samples[run] = runs[run][i];
            }

            var (mean, error) = runs.Length > 0 ? TraceEstimate.Mean(samples) : (0, 0);
            values[i] = exact[i] + (rest * mean);
            errors[i] = rest * error;
        }

        return new DensityTable { Width = sigma, Points = points, Values = values, StandardErrors = errors };
    }

    private static double Count(double width, double smallest, double largest) =>
        Math.Ceiling((((largest - smallest) / width) + (2 * Margin)) * PointsPerWidth) + 1;

    private static double[] Even(double low, double high, int count)
    {
        double step = (high - low) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => low + (i * step))];
    }

    private static double[] Smooth(double[] points, IReadOnlyList<double> centres, IReadOnlyList<double> weights, double sigma)
    {
        var values = new double[points.Length];
        for (int k = 0; k < centres.Count; k++)
        {
            double height = weights[k] / (sigma * Math.Sqrt(2 * Math.PI));
            for (int i = 0; i < points.Length; i++)
            {
                double distance = (points[i] - centres[k]) / sigma;
                values[i] += height * Math.Exp(-0.5 * distance * distance);
            }
        }

        return values;
    }

    private double Moment(Func<double, double> of)
    {
        double sum = 0;
        for (int i = 1; i < Points.Count; i++)
        {
            double both = (of(Points[i]) * Values[i]) + (of(Points[i - 1]) * Values[i - 1]);
            sum += 0.5 * both * (Points[i] - Points[i - 1]);
        }

        return sum;
    }
}
