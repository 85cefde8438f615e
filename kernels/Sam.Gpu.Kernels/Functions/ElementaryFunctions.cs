using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Functions;

/// <summary><see cref="Elementary.Exp"/> of x, to check a device.</summary>
public readonly struct Exp : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Exp(x);
}

/// <summary><see cref="Elementary.ExpM1"/> of x, to check a device.</summary>
public readonly struct ExpM1 : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.ExpM1(x);
}

/// <summary><see cref="Elementary.Log"/> of x, to check a device.</summary>
public readonly struct Log : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Log(x);
}

/// <summary><see cref="Elementary.Log1P"/> of x, to check a device.</summary>
public readonly struct Log1P : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Log1P(x);
}

/// <summary><see cref="Elementary.Tanh"/> of x, to check a device.</summary>
public readonly struct Tanh : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Tanh(x);
}

/// <summary><see cref="Elementary.Sigmoid"/> of x, to check a device.</summary>
public readonly struct Sigmoid : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Sigmoid(x);
}

/// <summary><see cref="Elementary.Softplus"/> of x, to check a device.</summary>
public readonly struct Softplus : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Softplus(x);
}

/// <summary><see cref="Elementary.Erf"/> of x, to check a device.</summary>
public readonly struct Erf : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Erf(x);
}

/// <summary><see cref="Elementary.Erfc"/> of x, to check a device.</summary>
public readonly struct Erfc : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.Erfc(x);
}

/// <summary><see cref="Elementary.NormalCdf"/> of x, to check a device.</summary>
public readonly struct NormalCdf : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.NormalCdf(x);
}

/// <summary><see cref="Elementary.NormalDensity"/> of x, to check a device.</summary>
public readonly struct NormalDensity : IFunction
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Value<V>(V x, V y, V z)
        where V : unmanaged, ILane<V> => Elementary.NormalDensity(x);
}
