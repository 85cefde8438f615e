using System.Runtime.CompilerServices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Kernels.Buffers;

/// <summary>Numbers in the memory of the host, behind a pointer. Nothing is checked: the launch has checked the spans.</summary>
/// <typeparam name="V">The lane.</typeparam>
/// <param name="origin">The address of the number with index 0.</param>
public readonly unsafe struct HostBuffer<V>(void* origin) : IBuffer<V>
    where V : unmanaged, IHostLane<V>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly byte* origin = (byte*)origin;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Load(int index, int count) =>
        count >= V.Width ? V.Load(Address(index)) : V.LoadPart(Address(index), count, V.Constant(0));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Load(int index, int count, V otherwise) =>
        count >= V.Width ? V.Load(Address(index)) : V.LoadPart(Address(index), count, otherwise);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(int index, int count, V value)
    {
        if (count >= V.Width)
        {
            V.Store(Address(index), value);
        }
        else
        {
            V.StorePart(Address(index), count, value);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public V Broadcast(int index) => V.Broadcast(Address(index));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void StoreFirst(int index, V value) => V.StoreFirst(Address(index), value);

    [MethodImpl(Inline)]
    private byte* Address(int index) => origin + ((long)index * V.ElementSize);
}
