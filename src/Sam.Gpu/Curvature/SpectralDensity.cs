namespace Sam.Gpu.Curvature;

/// <summary>The spectral density of an operator, φ(t) = (1/n) Σᵢ δ(t − λᵢ), as stochastic Lanczos quadrature found it.</summary>
/// <remarks>
/// It is kept as points with weights: k eigenvalues that are known, 1/n each, and for each run of the Lanczos method the nodes and
/// weights of its quadrature, which together stand for the other n − k. The mass is 1; the mean times n is an unbiased estimate of the
/// trace.
/// </remarks>
public sealed class SpectralDensity
{
    private readonly double[][] nodes;
    private readonly double[][] weights;

    internal SpectralDensity(int dimension, IReadOnlyList<double> deflated, double[][] nodes, double[][] weights, int products)
    {
        Dimension = dimension;
        Deflated = deflated;
        this.nodes = nodes;
        this.weights = weights;
        Products = products;
        double complement = dimension - deflated.Count;
        double[] means = [.. nodes.Select((run, i) => run.Zip(weights[i], (node, weight) => node * weight).Sum())];
        var (mean, error) = means.Length > 0 ? TraceEstimate.Mean(means) : (0, 0);
        Trace = new TraceEstimate(deflated.Sum() + (complement * mean), complement * error, products);
    }

    /// <summary>n, the eigenvalues.</summary>
    public int Dimension { get; }

    /// <summary>The eigenvalues that were known, [k].</summary>
    public IReadOnlyList<double> Deflated { get; }

    /// <summary>The runs of the Lanczos method; 0 where all eigenvalues were known.</summary>
    public int Runs => nodes.Length;

    /// <summary>How many vectors the operator was multiplied by.</summary>
    public int Products { get; }

    /// <summary>The mean of the density times n: an estimate of the trace, its standard error that over the runs.</summary>
    public TraceEstimate Trace { get; }

    /// <summary>The smallest of all points; NaN if a number was not finite.</summary>
    public double Smallest => Points.Aggregate(Math.Min);

    /// <summary>The largest of all points; NaN if a number was not finite.</summary>
    public double Largest => Points.Aggregate(Math.Max);

    /// <summary>
    /// The width σ that suits a plot: the range of the points over the most steps of a run. So many steps tell that many parts of the
    /// range apart on average, and no more (hessian-eigenthings takes the same).
    /// </summary>
    public double DefaultWidth
    {
        get
        {
            double range = Largest - Smallest;
            double magnitude = Math.Max(Math.Abs(Largest), Math.Abs(Smallest));
            double least = magnitude > 0 ? 1e-3 * magnitude : 1;
            return Math.Max(least, range / Math.Max(1, nodes.Length > 0 ? nodes.Max(run => run.Length) : 100));
        }
    }

    private IEnumerable<double> Points => Deflated.Concat(nodes.SelectMany(run => run));

    /// <summary>The nodes of a run's quadrature, from the smallest up.</summary>
    /// <param name="run">The run, from 0.</param>
    public IReadOnlyList<double> Nodes(int run) => nodes[run];

    /// <summary>The weights of these nodes; they add up to 1.</summary>
    /// <param name="run">The run, from 0.</param>
    public IReadOnlyList<double> Weights(int run) => weights[run];

    /// <summary>The density smoothed by a normal distribution, on even points over all of the spectrum.</summary>
    /// <param name="width">σ &gt; 0, the standard deviation of the smoothing; null for <see cref="DefaultWidth"/>.</param>
    /// <exception cref="UsageException">The width is not positive, or so small that the table would have more than a million
    /// points.</exception>
    public DensityTable Tabulate(double? width = null)
    {
        double sigma = width ?? DefaultWidth;
        return DensityTable.Of(this, sigma);
    }
}
