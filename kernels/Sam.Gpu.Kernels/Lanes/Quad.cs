using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

/// <summary>Four lanes as one value: what a thread loads of shared memory in one instruction.</summary>
/// <typeparam name="V">The lane.</typeparam>
/// <param name="first">Lane 0.</param>
/// <param name="second">Lane 1.</param>
/// <param name="third">Lane 2.</param>
/// <param name="fourth">Lane 3.</param>
public readonly struct Quad<V>(V first, V second, V third, V fourth)
    where V : unmanaged, ILane<V>
{
    /// <summary>Lane 0.</summary>
    public readonly V First = first;

    /// <summary>Lane 1.</summary>
    public readonly V Second = second;

    /// <summary>Lane 2.</summary>
    public readonly V Third = third;

    /// <summary>Lane 3.</summary>
    public readonly V Fourth = fourth;

    /// <summary>This + other.</summary>
    /// <param name="other">The other lanes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad<V> Add(Quad<V> other) => new(First + other.First, Second + other.Second, Third + other.Third, Fourth + other.Fourth);

    /// <summary>scale · other + this, each rounded once.</summary>
    /// <param name="scale">The factor of all four.</param>
    /// <param name="other">The other factors.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Quad<V> AddScaled(V scale, Quad<V> other) =>
        new(
            V.FusedMultiplyAdd(scale, other.First, First), V.FusedMultiplyAdd(scale, other.Second, Second),
            V.FusedMultiplyAdd(scale, other.Third, Third), V.FusedMultiplyAdd(scale, other.Fourth, Fourth));
}
