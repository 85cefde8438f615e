using Sam.Gpu.Data;

namespace Sam.Gpu.Curvature;

/// <summary>Hutch++: the trace on a random sketch of the range exactly, and Hutchinson's estimator on what is left.</summary>
/// <remarks>
/// <para>
/// R. A. Meyer, C. Musco, C. Musco, D. P. Woodruff, Hutch++: Optimal Stochastic Trace Estimation, SOSA 2021, algorithm 1. A third of the
/// products makes Q, an orthonormal basis of H S with random signs S; a third gives tr(QᵀHQ); the last third are samples of
/// zᵀ(I − QQᵀ) H (I − QQᵀ)z. The sum is unbiased for any symmetric H, also an indefinite one, since Q does not depend on the z.
/// </para>
/// <para>
/// For semidefinite H the error falls as 1/m with m products, where Hutchinson's falls as 1/√m. The standard error is that of the last
/// third: all else is exact, given Q. Where Q spans the whole space, it is 0.
/// </para>
/// </remarks>
public static class HutchPlusPlus
{
    /// <summary>The products that are taken unless the caller says otherwise: as many as hessian-eigenthings takes.</summary>
    public const int DefaultProducts = Hutchinson.DefaultProducts;

    /// <summary>The fewest products: with fewer there is no standard error.</summary>
    public const int FewestProducts = 6;

    /// <summary>Estimates the trace.</summary>
    /// <param name="linear">H, symmetric.</param>
    /// <param name="products">m ≥ 6, the products to take; fewer are taken where the range of H is smaller than the sketch.</param>
    /// <param name="seed">The seed; the signs are those of its substreams "hutch++ sketch" and "hutch++".</param>
    /// <exception cref="UsageException">There are fewer than six products.</exception>
    /// <exception cref="DeviceException">The device has not enough memory for m/3 vectors and their products.</exception>
    public static TraceEstimate Estimate(ILinearOperator linear, int products = DefaultProducts, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (products < FewestProducts)
        {
            throw new UsageException(
                $"{products} products for a trace by Hutch++: give at least {FewestProducts}, two for each of its parts.");
        }

        int dimension = linear.Dimension;
        int sketch = Math.Min(products / 3, dimension);
        int block = Math.Min(sketch, Probes.Block(dimension));
        using var basis = new KrylovBasis(linear.Device, dimension, sketch, 2 * Probes.Block(dimension));
        if (!Fill(basis, linear, sketch, block, seed))
        {
            return new TraceEstimate(double.NaN, double.NaN, 2 * sketch);
        }

        if (basis.Count == dimension)
        {
            return new TraceEstimate(basis.Trace, 0, sketch + basis.Count);
        }

        double[] samples = Probes.Sample(linear, products - (2 * (products / 3)), new RandomStream(seed, "hutch++"), (vectors, count) =>
        {
            // Twice, so that in single precision nothing of the basis is left either.
            basis.Project(vectors, count);
            basis.Project(vectors, count);
        });
        var (mean, error) = TraceEstimate.Mean(samples);
        return new TraceEstimate(basis.Trace + mean, error, sketch + basis.Count + samples.Length);
    }

    // Q and QᵀHQ. Directions that depend on those before them are dropped.
    private static bool Fill(KrylovBasis basis, ILinearOperator linear, int sketch, int block, ulong seed)
    {
        var random = new RandomStream(seed, "hutch++ sketch");
        var signs = new RandomVectors(linear.Device, linear.Dimension, RandomVectors.Sign);
        for (int first = 0; first < sketch; first += block)
        {
            int part = Math.Min(block, sketch - first);
            for (int k = 0; k < part; k++)
            {
                signs.Fill(random, basis.Work(block + k, 1));
            }

            linear.Apply(basis.Work(block, part), basis.Work(0, part), part);
            int kept = basis.Orthonormalize(part, out _);
            if (kept > 0 && !basis.Multiply(linear, kept))
            {
                return false;
            }
        }

        return true;
    }
}
