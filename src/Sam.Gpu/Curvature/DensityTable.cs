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

    private DensityTable()
    {
    }

    /// <summary>σ, the standard deviation of the smoothing.</summary>
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

    internal static DensityTable Of(SpectralDensity density, double sigma)
    {
        double low = density.Smallest - (Margin * sigma);
        double high = density.Largest + (Margin * sigma);
        double count = Math.Ceiling((high - low) / sigma * PointsPerWidth) + 1;
        if (!(sigma > 0) || count > MostPoints)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"The width {sigma} of a spectral density from {density.Smallest:g4} to {density.Largest:g4} is not allowed: give a positive number, "
                + $"at least {(density.Largest - density.Smallest) * PointsPerWidth / MostPoints:g2}, such as {density.DefaultWidth:g3}."));
        }

        // Where the points are not finite there is nothing to draw; what comes out says so.
        double[] points = double.IsFinite(count) ? Even(low, high, (int)count) : [double.NaN, double.NaN];
        double known = 1.0 / density.Dimension;
        double rest = (density.Dimension - density.Deflated.Count) * known;
        double[] exact = Smooth(points, density.Deflated, [.. density.Deflated.Select(_ => known)], sigma);
        double[][] runs = [.. Enumerable.Range(0, density.Runs).Select(run => Smooth(points, density.Nodes(run), density.Weights(run), sigma))];
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
