using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The smooth rectifier log(1 + eᶻ).</summary>
/// <remarks>
/// φ′ = σ(z), φ″ = σ(z) (1 − σ(z)) with the logistic function σ. Exact for every z; PyTorch replaces it by z above 20.
/// </remarks>
public readonly struct Softplus : IActivation
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
        where V : unmanaged, ILane<V> => Elementary.Softplus(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V> => Elementary.Sigmoid(z);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V s = Elementary.Sigmoid(z);
        return s * (V.Constant(1) - s);
    }
}
