using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The identity cut off at −1 and 1.</summary>
/// <remarks>
/// The slope at ±1 is 0, as in PyTorch; the second derivative is 0 everywhere. NaN gives NaN.
/// </remarks>
public readonly struct HardTanh : IActivation
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
        V one = V.Constant(1);
        V below = V.WhereLess(z, -one, -one, z);
        return V.WhereLess(one, z, one, below);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        V zero = V.Constant(0);
        V one = V.Constant(1);
        return V.WhereLess(V.Abs(z), one, one, zero);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V> => V.Constant(0);
}
