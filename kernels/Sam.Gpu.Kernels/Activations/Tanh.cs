using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The hyperbolic tangent.</summary>
/// <remarks>
/// φ′ = 1 − a², φ″ = −2 a (1 − a²).
/// </remarks>
public readonly struct Tanh : IActivation
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
        where V : unmanaged, ILane<V> => Elementary.Tanh(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V> => V.FusedMultiplyAdd(-a, a, V.Constant(1));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V> => V.Constant(-2) * a * V.FusedMultiplyAdd(-a, a, V.Constant(1));
}
