using System.Runtime.CompilerServices;
using ILGPU;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Ilgpu.Teams;

/// <summary>A thread group whose collectives go through shared memory: for devices without warp shuffles.</summary>
/// <remarks>A tree over the ranks. The size of the group is a power of two.</remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <param name="shared">Shared memory, [size of the group]; allocated once in the launch, for each allocation in a helper would be another.</param>
public readonly struct SharedTeam<V>(ArrayView<V> shared) : ITeam<V>
    where V : unmanaged, ILane<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly ArrayView<V> shared = shared;

    /// <inheritdoc/>
    public int Rank => Group.IdxX;

    /// <inheritdoc/>
    public int Size => Group.DimX;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Sum(V value)
    {
        int rank = Group.IdxX;
        Deposit(rank, value);
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (rank < half)
            {
                shared[rank] += shared[rank + half];
            }

            Group.Barrier();
        }

        return Collect();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Max(V value)
    {
        int rank = Group.IdxX;
        Deposit(rank, value);
        for (int half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (rank < half)
            {
                shared[rank] = V.Max(shared[rank], shared[rank + half]);
            }

            Group.Barrier();
        }

        return Collect();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Barrier() => Group.Barrier();

    [MethodImpl(Inline)]
    private void Deposit(int rank, V value)
    {
        shared[rank] = value;
        Group.Barrier();
    }

    // The next collective may overwrite the result as soon as all have read it.
    [MethodImpl(Inline)]
    private V Collect()
    {
        V result = shared[0];
        Group.Barrier();
        return result;
    }
}
