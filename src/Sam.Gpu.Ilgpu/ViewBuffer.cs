using System.Runtime.CompilerServices;
using ILGPU;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Ilgpu;

/// <summary>Numbers in the memory of an ILGPU device. Nothing is checked: the launch has checked the spans.</summary>
/// <typeparam name="V">The lane, of width one: it takes no notice of counts.</typeparam>
/// <param name="view">The numbers.</param>
public readonly struct ViewBuffer<V>(ArrayView<V> view) : IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly ArrayView<V> view = view;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Load(int index, int count) => view[index];

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Load(int index, int count, V otherwise) => view[index];

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(int index, int count, V value) => view[index] = value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Broadcast(int index) => view[index];

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void StoreFirst(int index, V value) => view[index] = value;
}
