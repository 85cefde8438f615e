using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Teams;

/// <summary>One core of a CPU as a team: rank 0 of 1; a collective has nothing to do.</summary>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct OneCore<V> : ITeam<V>
    where V : unmanaged, ILane<V>
{
    /// <inheritdoc/>
    public int Rank => 0;

    /// <inheritdoc/>
    public int Size => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Sum(V value) => value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Max(V value) => value;

    /// <inheritdoc/>
    public void Barrier()
    {
    }
}
