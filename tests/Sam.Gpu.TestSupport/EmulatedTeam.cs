using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.TestSupport;

/// <summary>The threads of an emulated thread group: host threads with real barriers, and for a tile with checked shared memory.</summary>
/// <typeparam name="V">The lane.</typeparam>
public readonly struct EmulatedTeam<V> : ITileTeam<V>
    where V : unmanaged, ILane<V>
{
    private readonly EmulatedThread thread;
    private readonly EmulatedSharedMemory<V>? memory;

    internal EmulatedTeam(EmulatedThread thread, EmulatedSharedMemory<V>? memory = null)
    {
        this.thread = thread;
        this.memory = memory;
    }

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

    /// <inheritdoc/>
    public Quad<V> LoadShared(int quad, int offset)
    {
        long index = 4 * ((long)quad + offset);
        return new Quad<V>(
            memory!.Load(thread, index), memory.Load(thread, index + 1), memory.Load(thread, index + 2), memory.Load(thread, index + 3));
    }

    /// <inheritdoc/>
    public void StoreShared(int index, V value) => memory!.Store(thread, index, value);
}
