using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>An eigensolver that takes on another eigenvalue as soon as the smallest it tracks passes a threshold.</summary>
/// <remarks>For all eigenvalues above a bound where it is not known how many there are. They are the largest, signs counted.</remarks>
public sealed class GrowingEigensolver : IDisposable
{
    private readonly Device device;
    private readonly int dimension;
    private readonly int maximum;
    private readonly double threshold;
    private readonly EigensolverOptions options;
    private readonly ulong seed;
    private Eigensolver solver;

    /// <summary>Creates the solver; it begins with the number of eigenvalues in the options.</summary>
    /// <param name="device">The device of the operators.</param>
    /// <param name="dimension">P, ≥ 1.</param>
    /// <param name="threshold">The value above which the smallest eigenvalue asks for another one.</param>
    /// <param name="maximum">The most eigenvalues that are tracked, ≥ 1; P if that is less.</param>
    /// <param name="options">The settings; null for the defaults, one eigenvalue.</param>
    /// <param name="seed">The seed of the random directions.</param>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    public GrowingEigensolver(
        Device device, int dimension, double threshold, int maximum = 16, EigensolverOptions? options = null, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        this.device = device;
        this.dimension = dimension;
        this.threshold = threshold;
        this.maximum = Math.Min(maximum, dimension);
        this.options = (options ?? new EigensolverOptions()) with { Which = SpectrumPart.LargestAlgebraic };
        this.seed = seed;
        solver = new Eigensolver(device, dimension, this.options with { Count = Math.Min(this.options.Count, this.maximum) }, seed);
    }

    /// <summary>How many eigenvalues are tracked.</summary>
    public int Count => solver.Options.Count;

    /// <summary>Whether the last measurement may have left out eigenvalues above the threshold, because no more are allowed.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Measures until the smallest eigenvalue found is below the threshold, or the most are tracked.</summary>
    /// <param name="linear">The operator.</param>
    /// <returns>The last measurement.</returns>
    public EigenResult Solve(ILinearOperator linear)
    {
        var result = solver.Solve(linear);
        while (result.Pairs[^1].Value > threshold && Count < maximum)
        {
            var larger = new Eigensolver(device, dimension, options with { Count = Count + 1 }, seed);
            larger.Restore(solver.Save());
            solver.Dispose();
            solver = larger;
            result = solver.Solve(linear);
        }

        IsTruncated = result.Pairs[^1].Value > threshold && Count < dimension;
        return result;
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose() => solver.Dispose();
}
