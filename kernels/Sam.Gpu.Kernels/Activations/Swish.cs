using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>Swish, also named SiLU: z σ(z) with the logistic function σ.</summary>
/// <remarks>
/// φ′ = σ (1 + z (1 − σ)), φ″ = σ (1 − σ) (2 + z (1 − 2σ)).
/// </remarks>
public readonly struct Swish : IActivation
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
        where V : unmanaged, ILane<V> => z * Elementary.Sigmoid(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V s = Elementary.Sigmoid(z);
        return s * V.FusedMultiplyAdd(z, V.Constant(1) - s, V.Constant(1));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V s = Elementary.Sigmoid(z);
        V one = V.Constant(1);
        return s * (one - s) * V.FusedMultiplyAdd(z, V.FusedMultiplyAdd(V.Constant(-2), s, one), V.Constant(2));
    }
}
