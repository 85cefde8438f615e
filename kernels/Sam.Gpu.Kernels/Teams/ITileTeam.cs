using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Teams;

/// <summary>A team that has fast memory of its own: the shared memory of a GPU's thread group.</summary>
/// <remarks>
/// The memory holds nothing when the team begins. A <see cref="ITeam{V}.Barrier"/> must stand between a store and another thread's load
/// of the same number, and between a load and another thread's store.
/// </remarks>
/// <typeparam name="V">The lane.</typeparam>
public interface ITileTeam<V> : ITeam<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>Loads a number of the team's memory.</summary>
    /// <param name="index">0 ≤ index &lt; the kernel's shared length.</param>
    V LoadShared(int index);

    /// <summary>Stores a number of the team's memory.</summary>
    /// <param name="index">0 ≤ index &lt; the kernel's shared length.</param>
    /// <param name="value">The number.</param>
    void StoreShared(int index, V value);
}
