using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The exponential linear unit: z above 0, else eᶻ − 1.</summary>
/// <remarks>
/// For z ≤ 0, φ′ = φ″ = eᶻ = a + 1; above, φ′ = 1 and φ″ = 0. φ″ at 0 is 1, as in PyTorch. NaN gives NaN.
/// </remarks>
public readonly struct Elu : IActivation
{
    /// <inheritdoc/>
    public static bool UsesInput => true;

    /// <inheritdoc/>
    public static bool UsesOutput => true;

    /// <inheritdoc/>
    public static bool HasCheapDerivatives => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V z)
        where V : unmanaged, ILane<V>
    {
        V zero = V.Constant(0);
        V below = V.WhereLess(zero, z, zero, z);
        return V.WhereLess(zero, z, z, Elementary.ExpM1(below));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V one = V.Constant(1);
        return V.WhereLess(V.Constant(0), z, one, a + one);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V zero = V.Constant(0);
        return V.WhereLess(zero, z, zero, a + V.Constant(1));
    }
}
