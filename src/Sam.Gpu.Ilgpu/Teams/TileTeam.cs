using System.Runtime.CompilerServices;
using ILGPU;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;

namespace Sam.Gpu.Ilgpu.Teams;

/// <summary>A thread group with shared memory for a kernel's own use, and more of it for collectives.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <param name="quads">Shared memory for the kernel, allocated in quads so that its place is a multiple of their size.</param>
/// <param name="numbers">The same memory, number by number.</param>
/// <param name="collective">Shared memory for collectives, [size of the group].</param>
public readonly struct TileTeam<V>(ArrayView<Quad<V>> quads, ArrayView<V> numbers, ArrayView<V> collective) : ITileTeam<V>
    where V : unmanaged, ILane<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly ArrayView<Quad<V>> quads = quads;
    private readonly ArrayView<V> numbers = numbers;
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
    public Quad<V> LoadShared(int quad, int offset) => quads.SubView(quad)[offset];

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void StoreShared(int index, V value) => numbers[index] = value;
}
