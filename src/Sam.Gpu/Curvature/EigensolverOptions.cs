using System.Globalization;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>Settings of an <see cref="Eigensolver"/>. A setting left null gets its default from the precision and the dimension.</summary>
public sealed record EigensolverOptions
{
    // The basis, its products and the work rows take at most about three times the memory of a basis.
    private const long DefaultMemory = 2L << 30;

    /// <summary>K, how many eigenvalues are wanted, at each end that <see cref="Which"/> names; 1 … P in all. Default 1.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Which eigenvalues are wanted. Default the largest, signs counted.</summary>
    public SpectrumPart Which { get; init; } = SpectrumPart.LargestAlgebraic;

    /// <summary>The relative residual ‖Hv − λv‖ / |λ| at which a pair has converged, above 0 and below 1.</summary>
    /// <remarks>
    /// Default 1e-4 in single and 1e-8 in double precision: well above the rounding of a product, so that it can be met; and since the
    /// error of the value falls with the square of the residual, the value is as good as the precision shows, unless its neighbours are
    /// very close. A residual of up to 16 unit roundoffs of the largest |Ritz value| converges as well: below that it is rounding, and an
    /// eigenvalue of 0 could never converge otherwise.
    /// </remarks>
    public double? Tolerance { get; init; }

    /// <summary>The most products in one measurement, ≥ the eigenvalues wanted. Default 100 for each of them and 200 more.</summary>
    public int? MaximumProducts { get; init; }

    /// <summary>The most basis vectors held, ≥ the eigenvalues wanted + 2, if P is not smaller. More memory, fewer products.</summary>
    /// <remarks>
    /// Default four for each wanted or guard vector, at least 20; less where the solver would need more than 2 GiB. The solver allocates
    /// about 2.7 times that many vectors of length P.
    /// </remarks>
    public int? MaximumSubspace { get; init; }

    /// <summary>The most unconverged pairs whose residuals join the basis at once, ≥ 1. Default 2.</summary>
    /// <remarks>
    /// Larger blocks take fewer passes over the data but more products: against a cluster-free spectrum with K = 10, a block size of 10
    /// needs two thirds of the passes and one and a half times the products of a block size of 2. Set it to K where a wider block costs
    /// little, as on a large device, and to 1 where only products count. The first block always holds all start vectors, so multiple
    /// eigenvalues are found whatever the block size.
    /// </remarks>
    public int BlockSize { get; init; } = 2;

    /// <summary>
    /// How many further eigenvectors are carried to the next warm start, at each end wanted, ≥ 0. They need not converge; they let a warm
    /// start see a close neighbour that rises past the wanted ones. Default 2.
    /// </summary>
    public int GuardVectors { get; init; } = 2;

    /// <summary>
    /// How many times a warm start multiplies a fresh random direction, so that an eigenvector that grew orthogonal to all old ones is
    /// found as well; ≥ 0. Default the least s with Tₛ(4) ≥ √P (2 to 5), Tₛ the Chebyshev polynomial.
    /// </summary>
    /// <remarks>
    /// A random direction holds about 1/√P of any unit vector. s products enlarge that share by Tₛ(λ/b) against a remaining spectrum in
    /// [−b, b], so with the default a new eigenvalue of four times the remaining spectrum or more shows itself at once; a smaller one is
    /// likely to show within a few measurements, through the guard vectors.
    /// </remarks>
    public int? ProbeProducts { get; init; }

    /// <summary>How many pairs a result has.</summary>
    internal int Wanted => Ends * Count;

    /// <summary>How many vectors a warm start begins from, where the subspace has room for them.</summary>
    internal int Guarded => Ends * (Count + GuardVectors);

    private int Ends => Which == SpectrumPart.BothEnds ? 2 : 1;

    /// <summary>The same settings with every default filled in, checked.</summary>
    /// <exception cref="UsageException">A setting is out of its range.</exception>
    internal EigensolverOptions Resolve(Device device, int dimension)
    {
        if (Count < 1 || Count > dimension / Ends)
        {
            string where = Ends == 2 ? " at both ends" : "";
            throw Bad($"{Count} eigenvalues{where} of a {dimension}×{dimension} matrix: give 1 to {dimension / Ends}.");
        }

        if (BlockSize < 1)
        {
            throw Bad($"A block size of {BlockSize}: give 1 or more.");
        }

        if (GuardVectors is < 0 or > 1000)
        {
            throw Bad($"{GuardVectors} guard vectors: give 0 to 1000.");
        }

        double tolerance = Tolerance ?? (device.Precision == Precision.Double ? 1e-8 : 1e-4);
        if (!(tolerance > 0 && tolerance < 1))
        {
            throw Bad($"The tolerance {tolerance} of eigenvalues: give a number above 0 and below 1, such as 0.001.");
        }

        int products = MaximumProducts ?? (100 * Wanted) + 200;
        if (products < Wanted)
        {
            throw Bad($"At most {products} products for {Wanted} eigenvalues: give at least {Wanted}.");
        }

        int least = Math.Min(dimension, Wanted + 2);
        long affordable = Math.Min(DefaultMemory / (3L * device.ElementSize * dimension), int.MaxValue / dimension);
        long subspace = MaximumSubspace ?? Math.Max(Math.Min(Math.Max(20, 4L * Guarded), affordable), Math.Max(least, Guarded + 2));
        if (subspace < least || (MaximumSubspace is { } given && given > int.MaxValue / dimension))
        {
            int most = Math.Max(least, int.MaxValue / dimension);
            throw Bad($"A subspace of {subspace} vectors for {Wanted} eigenvalues: give {least} to {most}.");
        }

        int probes = ProbeProducts ?? (int)Math.Ceiling(Math.Acosh(Math.Sqrt(dimension)) / Math.Acosh(4));
        if (probes < 0)
        {
            throw Bad($"{probes} probe products: give 0 or more.");
        }

        return this with
        {
            Tolerance = tolerance,
            MaximumProducts = products,
            MaximumSubspace = (int)Math.Min(subspace, dimension),
            ProbeProducts = probes,
        };
    }

    private static UsageException Bad(FormattableString message) => new(message.ToString(CultureInfo.InvariantCulture));
}
