using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The rectified linear unit: max(z, 0).</summary>
/// <remarks>
/// The slope at 0 is 0, as in PyTorch; the second derivative is 0 everywhere. NaN gives NaN.
/// </remarks>
public readonly struct Relu : IActivation
{
    /// <inheritdoc/>
    public static bool UsesInput => true;

    /// <inheritdoc/>
    public static bool UsesOutput => false;

    /// <inheritdoc/>
    public static bool HasCheapDerivatives => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V z)
        where V : unmanaged, ILane<V>
    {
        V zero = V.Constant(0);
        return V.WhereLess(z, zero, zero, z);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V zero = V.Constant(0);
        return V.WhereLess(zero, z, V.Constant(1), zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V> => V.Constant(0);
}
