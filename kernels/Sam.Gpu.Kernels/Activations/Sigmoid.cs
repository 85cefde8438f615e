using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The logistic function 1 / (1 + e⁻ᶻ).</summary>
/// <remarks>
/// φ′ = a (1 − a), φ″ = a (1 − a) (1 − 2a).
/// </remarks>
public readonly struct Sigmoid : IActivation
{
    /// <inheritdoc/>
    public static bool UsesInput => false;

    /// <inheritdoc/>
    public static bool UsesOutput => true;

    /// <inheritdoc/>
    public static bool HasCheapDerivatives => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V z)
        where V : unmanaged, ILane<V> => Elementary.Sigmoid(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V> => a * (V.Constant(1) - a);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V> => a * (V.Constant(1) - a) * V.FusedMultiplyAdd(V.Constant(-2), a, V.Constant(1));
}
