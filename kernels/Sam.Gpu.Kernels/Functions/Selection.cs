using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Functions;

/// <summary>The smaller of x and y, to check a device.</summary>
public readonly struct Smaller : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Min(x, y);
}

/// <summary>The larger of x and y, to check a device.</summary>
public readonly struct Larger : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.Max(x, y);
}

/// <summary>z where x &lt; y, else x, to check a device.</summary>
public readonly struct SelectLess : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.WhereLess(x, y, z, x);
}

/// <summary>z where x = y, else x, to check a device.</summary>
public readonly struct SelectEqual : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => V.WhereEqual(x, y, z, x);
}
