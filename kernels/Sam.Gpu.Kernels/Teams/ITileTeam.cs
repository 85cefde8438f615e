using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Teams;

/// <summary>A team that has fast memory of its own: the shared memory of a GPU's thread group.</summary>
/// <remarks>
/// The memory holds nothing when the team begins. A <see cref="ITeam{V}.Barrier"/> must stand between a store and another thread's load
/// of the same number, and between a load and another thread's store.
/// </remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
public interface ITileTeam<V> : ITeam<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>Loads four neighbours of the team's memory: the numbers 4q, 4q + 1, 4q + 2, 4q + 3 of quad q.</summary>
    /// <remarks>
    /// A GPU loads them in one instruction because their place is a multiple of their size, and has room for the offset in it. So quads
    /// that lie at fixed distances are told apart by offsets.
    /// </remarks>
    /// <param name="quad">q less the offset.</param>
    /// <param name="offset">A constant; 0 ≤ 4q &lt; the kernel's shared length.</param>
    Quad<V> LoadShared(int quad, int offset);

    /// <summary>Stores a number of the team's memory.</summary>
    /// <param name="index">0 ≤ index &lt; the kernel's shared length.</param>
    /// <param name="value">The number.</param>
    void StoreShared(int index, V value);
}
