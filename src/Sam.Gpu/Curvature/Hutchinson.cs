using Sam.Gpu.Data;

namespace Sam.Gpu.Curvature;

/// <summary>Hutchinson's estimator of the trace: the mean of zᵀHz over vectors z of random signs.</summary>
/// <remarks>
/// <para>
/// M. F. Hutchinson, A Stochastic Estimator of the Trace of the Influence Matrix for Laplacian Smoothing Splines, Communications in
/// Statistics 18 (1989). E[zᵀHz] = tr H for independent entries of mean 0 and variance 1. For signs the variance of one sample is 2 Σᵢ≠ⱼ
/// Hᵢⱼ², the least of all such entries; the diagonal adds nothing.
/// </para>
/// <para>
/// The error falls as 1/√m with m products, whatever the spectrum. <see cref="HutchPlusPlus"/> does better where few eigenvalues are large.
/// </para>
/// </remarks>
public static class Hutchinson
{
    /// <summary>The products that are taken unless the caller says otherwise: as many as PyHessian and hessian-eigenthings take.</summary>
    public const int DefaultProducts = 100;

    /// <summary>Estimates the trace.</summary>
    /// <param name="linear">H, symmetric.</param>
    /// <param name="products">m ≥ 2, the products to take.</param>
    /// <param name="seed">The seed; the signs are those of its substream "hutchinson".</param>
    /// <exception cref="UsageException">There are fewer than two products.</exception>
    public static TraceEstimate Estimate(ILinearOperator linear, int products = DefaultProducts, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(linear);
        if (products < 2)
        {
            throw new UsageException(
                $"{products} products for a trace by Hutchinson's estimator: give at least 2, or there is no standard error.");
        }

        var (mean, error) = TraceEstimate.Mean(Probes.Sample(linear, products, new RandomStream(seed, "hutchinson")));
        return new TraceEstimate(mean, error, products);
    }
}
