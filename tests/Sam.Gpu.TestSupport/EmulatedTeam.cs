using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.TestSupport;

/// <summary>The threads of an emulated thread group: host threads with real barriers.</summary>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct EmulatedTeam<V> : ITeam<V>
    where V : unmanaged, ILane<V>
{
    private readonly EmulatedThread thread;

    internal EmulatedTeam(EmulatedThread thread) => this.thread = thread;

    /// <inheritdoc/>
    public int Rank => thread.Rank;

    /// <inheritdoc/>
    public int Size => thread.Group.Size;

    /// <inheritdoc/>
    public V Sum(V value) => thread.Group.Sum(thread, value);

    /// <inheritdoc/>
    public V Max(V value) => thread.Group.Max(thread, value);

    /// <inheritdoc/>
    public void Barrier() => thread.Group.Barrier(thread);
}
