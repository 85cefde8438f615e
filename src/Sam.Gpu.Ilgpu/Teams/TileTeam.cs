using System.Runtime.CompilerServices;
using ILGPU;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Ilgpu.Teams;

/// <summary>A thread group with shared memory for a kernel's own use, and more of it for collectives.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <param name="tile">Shared memory for the kernel.</param>
/// <param name="collective">Shared memory for collectives, [size of the group].</param>
public readonly struct TileTeam<V>(ArrayView<V> tile, ArrayView<V> collective) : ITileTeam<V>
    where V : unmanaged, ILane<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly ArrayView<V> tile = tile;
    private readonly SharedTeam<V> team = new(collective);

    /// <inheritdoc/>
    public int Rank => Group.IdxX;

    /// <inheritdoc/>
    public int Size => Group.DimX;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Sum(V value) => team.Sum(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Max(V value) => team.Max(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Barrier() => Group.Barrier();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V LoadShared(int index) => tile[index];

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void StoreShared(int index, V value) => tile[index] = value;
}
