using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.TestSupport;

/// <summary>The threads of an emulated thread group: host threads with real barriers.</summary>
public readonly struct EmulatedTeam : ITeam
{
    private readonly EmulatedThread thread;

    internal EmulatedTeam(EmulatedThread thread) => this.thread = thread;

    /// <inheritdoc/>
    public int Rank => thread.Rank;

    /// <inheritdoc/>
    public int Size => thread.Group.Size;

    /// <inheritdoc/>
    public V Sum<V>(V value)
        where V : unmanaged, ILane<V> => thread.Group.Sum(thread, value);

    /// <inheritdoc/>
    public V Max<V>(V value)
        where V : unmanaged, ILane<V> => thread.Group.Max(thread, value);

    /// <inheritdoc/>
    public void Barrier() => thread.Group.Barrier(thread);
}
