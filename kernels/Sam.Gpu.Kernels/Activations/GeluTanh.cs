using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Activations;

/// <summary>The approximation of the Gaussian error linear unit by tanh: ½ z (1 + tanh u), u = √(2/π) (z + 0.044715 z³).</summary>
/// <remarks>
/// With t = tanh u: φ′ = ½ (1 + t) + ½ z (1 − t²) u′ and φ″ = (1 − t²) (u′ + ½ z (u″ − 2 t u′²)). Far out, where the cubic overflows or
/// 1 − t² is 0, both are cut off by bounding |z|.
/// </remarks>
public readonly struct GeluTanh : IActivation
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
        where V : unmanaged, ILane<V> => V.Constant(0.5) * z * (V.Constant(1) + Elementary.Tanh(Argument(z)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Slope<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        z = Bound(z);
        V t = Elementary.Tanh(Argument(z));
        V half = V.Constant(0.5);
        V one = V.Constant(1);
        V steep = V.FusedMultiplyAdd(-t, t, one) * ArgumentSlope(z);
        return half * V.FusedMultiplyAdd(z, steep, one + t);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Curvature<V>(V z, V a)
        where V : unmanaged, ILane<V>
    {
        z = Bound(z);
        V t = Elementary.Tanh(Argument(z));
        V slope = ArgumentSlope(z);
        V second = V.Constant(6 * 0.044715 * SquareRootOfTwoOverPi) * z;
        V inner = V.FusedMultiplyAdd(V.Constant(-2) * t, slope * slope, second);
        return V.FusedMultiplyAdd(-t, t, V.Constant(1)) * V.FusedMultiplyAdd(V.Constant(0.5) * z, inner, slope);
    }

    private const double SquareRootOfTwoOverPi = 0.79788456080286535588;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Argument<V>(V z)
        where V : unmanaged, ILane<V>
    {
        V cubic = V.FusedMultiplyAdd(V.Constant(0.044715) * z, z, V.Constant(1));
        return V.Constant(SquareRootOfTwoOverPi) * z * cubic;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ArgumentSlope<V>(V z)
        where V : unmanaged, ILane<V> =>
        V.Constant(SquareRootOfTwoOverPi) * V.FusedMultiplyAdd(V.Constant(3 * 0.044715) * z, z, V.Constant(1));

    // At |z| = 20 tanh u is ±1 in either precision, so that nothing changes beyond; z² stays small.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Bound<V>(V z)
        where V : unmanaged, ILane<V>
    {
        V limit = V.Constant(20);
        V below = V.WhereLess(z, -limit, -limit, z);
        return V.WhereLess(limit, z, limit, below);
    }
}
