using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Functions;

/// <summary>x + y, to check a device.</summary>
public readonly struct Sum : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => x + y;
}

/// <summary>x − y, to check a device.</summary>
public readonly struct Difference : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => x - y;
}

/// <summary>x · y, to check a device.</summary>
public readonly struct Product : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => x * y;
}

/// <summary>x / y, to check a device.</summary>
public readonly struct Quotient : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => x / y;
}

/// <summary>x · y + z, rounded once, to check a device.</summary>
public readonly struct FusedMultiplyAdd : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.FusedMultiplyAdd(x, y, z);
}

/// <summary>√x, to check a device.</summary>
public readonly struct SquareRoot : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Sqrt(x);
}

/// <summary>The integer nearest to x, ties to even, to check a device.</summary>
public readonly struct NearestInteger : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Round(x);
}
