using System.Globalization;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>What a measurement of eigenvalues found, how well, and why it ended.</summary>
public sealed class EigenResult
{
    private readonly double tolerance;

    internal EigenResult(
        EigenStatus status, IReadOnlyList<EigenPair> pairs, DeviceSpan vectors, int products, int iterations, double tolerance)
    {
        Status = status;
        Pairs = pairs;
        Vectors = vectors;
        Products = products;
        Iterations = iterations;
        this.tolerance = tolerance;
    }

    /// <summary>How the measurement ended.</summary>
    public EigenStatus Status { get; }

    /// <summary>Whether every wanted pair meets the tolerance.</summary>
    public bool Converged => Status == EigenStatus.Converged;

    /// <summary>The wanted pairs, the most extreme first, as <see cref="SpectrumPart"/> says.</summary>
    public IReadOnlyList<EigenPair> Pairs { get; }

    /// <summary>
    /// The vectors of the pairs, [Pairs.Count, P], orthonormal, on the device; NaN where the pairs are. They are overwritten by the
    /// next <see cref="Eigensolver.Solve"/>.
    /// </summary>
    public DeviceSpan Vectors { get; }

    /// <summary>How many vectors the operator was multiplied by.</summary>
    public int Products { get; }

    /// <summary>How many blocks these vectors came in.</summary>
    public int Iterations { get; }

    /// <summary>What happened, for the user: if not all is well, the likely causes and the knob to turn.</summary>
    public string Explanation => Status switch
    {
        EigenStatus.Converged => string.Create(
            CultureInfo.InvariantCulture,
            $"All {Pairs.Count} eigenvalues met the relative tolerance {tolerance} after {Products} products."),
        EigenStatus.ProductLimit => string.Create(
            CultureInfo.InvariantCulture,
            $"{Unconverged} of {Pairs.Count} eigenvalues had not met the relative tolerance {tolerance} after {Products} products, "
            + $"the most allowed; the worst relative residual is {Worst:g3}. Likely causes: (a) the wanted eigenvalues lie close to "
            + $"their neighbours: raise MaximumProducts or MaximumSubspace, or ask for a few eigenvalues more or fewer; (b) the "
            + $"tolerance is tighter than the purpose needs: raise Tolerance; (c) the operator is not symmetric, or changes between "
            + $"products, as when each uses another minibatch."),
        EigenStatus.Stagnated => string.Create(
            CultureInfo.InvariantCulture,
            $"{Unconverged} of {Pairs.Count} eigenvalues cannot meet the relative tolerance {tolerance}: after {Products} products the "
            + $"residuals no longer fall; the worst relative residual is {Worst:g3}. Likely causes: (a) the tolerance is below the "
            + $"rounding of the operator, or the eigenvalue is far smaller than the largest: raise Tolerance or compute in double "
            + $"precision; (b) the operator is not symmetric; (c) the operator changes between products."),
        EigenStatus.Interrupted => string.Create(
            CultureInfo.InvariantCulture,
            $"The measurement was interrupted after {Products} products, when {Unconverged} of {Pairs.Count} eigenvalues had not met the "
            + $"relative tolerance {tolerance}. Measure again for the rest."),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The operator returned a number that is not finite within {Products} products, so there are no eigenvalues. Likely "
            + $"causes: (a) the training diverged: lower the step size; (b) curvature beyond the range of single precision: compute in "
            + $"double precision."),
    };

    private int Unconverged => Pairs.Count(pair => !pair.Converged);

    private double Worst => Pairs.Max(pair => pair.RelativeResidual);

    /// <summary>The vector of one pair, [P].</summary>
    /// <param name="index">The index of the pair in <see cref="Pairs"/>.</param>
    public DeviceSpan Vector(int index)
    {
        int dimension = Vectors.Length / Pairs.Count;
        return Vectors.Slice(index * dimension, dimension);
    }
}
