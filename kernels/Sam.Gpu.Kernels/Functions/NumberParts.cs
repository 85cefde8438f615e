using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Functions;

/// <summary>−x, to check a device.</summary>
public readonly struct Negative : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => -x;
}

/// <summary>|x|, to check a device.</summary>
public readonly struct Magnitude : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Abs(x);
}

/// <summary>|x| with the sign of y, to check a device.</summary>
public readonly struct WithSign : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.CopySign(x, y);
}

/// <summary>2ˣ for an integral x, to check a device.</summary>
public readonly struct PowerOfTwo : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.PowerOfTwo(x);
}

/// <summary>The exponent of x, to check a device.</summary>
public readonly struct Exponent : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Exponent(x);
}

/// <summary>The significand of x, to check a device.</summary>
public readonly struct Significand : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Significand(x);
}

/// <summary>x with the upper half of its significand, to check a device.</summary>
public readonly struct UpperHalf : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.UpperHalf(x);
}
