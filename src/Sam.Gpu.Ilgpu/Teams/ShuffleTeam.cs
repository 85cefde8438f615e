using System.Runtime.CompilerServices;
using ILGPU;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Ilgpu.Teams;

/// <summary>A thread group whose collectives go through warp shuffles, and through shared memory from warp to warp.</summary>
/// <remarks>
/// Within a warp a butterfly: every thread comes to the same bits, for addition commutes. Then the warps' results in their order. The
/// size of the group is a multiple of 32, the warps are of 32 threads: CUDA's, and those of ILGPU's CPU accelerator as we set it up.
/// </remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <param name="shared">Shared memory, a number a warp; allocated once in the launch.</param>
public readonly struct ShuffleTeam<V>(ArrayView<V> shared) : ITeam<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>The threads of a warp.</summary>
    public const int WarpSize = 32;

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
        for (int distance = WarpSize / 2; distance > 0; distance /= 2)
        {
            value += Warp.ShuffleXor(value, distance);
        }

        if (Group.DimX > WarpSize)
        {
            Deposit(value);
            value = shared[0];
            for (int warp = 1; warp < Group.DimX / WarpSize; warp++)
            {
                value += shared[warp];
            }

            Group.Barrier();
        }

        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Max(V value)
    {
        for (int distance = WarpSize / 2; distance > 0; distance /= 2)
        {
            value = V.Max(value, Warp.ShuffleXor(value, distance));
        }

        if (Group.DimX > WarpSize)
        {
            Deposit(value);
            value = shared[0];
            for (int warp = 1; warp < Group.DimX / WarpSize; warp++)
            {
                value = V.Max(value, shared[warp]);
            }

            Group.Barrier();
        }

        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Barrier() => Group.Barrier();

    [MethodImpl(Inline)]
    private void Deposit(V value)
    {
        if (Group.IdxX % WarpSize == 0)
        {
            shared[Group.IdxX / WarpSize] = value;
        }

        Group.Barrier();
    }
}
