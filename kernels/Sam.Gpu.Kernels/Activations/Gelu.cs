using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The Gaussian error linear unit: z Φ(z) with the normal distribution function Φ.</summary>
/// <remarks>
/// φ′ = Φ(z) + z φ(z), φ″ = φ(z) (2 − z²), where φ(z) on the right is the normal density. Hendrycks and Gimpel (2016).
/// </remarks>
public readonly struct Gelu : IActivation
{
    /// <inheritdoc/>
    public static bool UsesInput => true;

    /// <inheritdoc/>
    public static bool UsesOutput => false;

    /// <inheritdoc/>
    public static bool HasCheapDerivatives => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V z)
        where V : unmanaged, ILane<V> => z * Elementary.NormalCdf(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V> => V.FusedMultiplyAdd(z, Elementary.NormalDensity(z), Elementary.NormalCdf(z));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        // Not density · (2 − z²): far out that is 0 · ∞.
        V density = Elementary.NormalDensity(z);
        return V.FusedMultiplyAdd(-(density * z), z, density + density);
    }
}
