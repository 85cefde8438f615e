using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>A buffer that checks every access: that it lies in its span, reads what was written, and races with no other thread.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
public readonly struct CheckedBuffer<V> : IBuffer<V>
    where V : unmanaged, ILane<V>
{
    private readonly EmulatedMemory<V>? memory;
    private readonly int offset;
    private readonly int length;

    internal CheckedBuffer(EmulatedMemory<V> memory, int offset, int length)
    {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
    }

    /// <inheritdoc/>
    public V Load(int index, int count) => Read(index, count);

    /// <inheritdoc/>
    public V Load(int index, int count, V otherwise) => Read(index, count);

    /// <inheritdoc/>
    public void Store(int index, int count, V value) => Write(index, count, value);

    /// <inheritdoc/>
    public V Broadcast(int index) => Read(index, 1);

    /// <inheritdoc/>
    public void StoreFirst(int index, V value) => Write(index, 1, value);

    private V Read(int index, int count) =>
        CheckedAccess.Read(ref Locate(index, count, "load", out var thread), thread, new Place(this, index));

    private void Write(int index, int count, V value) =>
        CheckedAccess.Write(ref Locate(index, count, "store", out var thread), thread, new Place(this, index), value);

    private ref EmulatedMemory<V>.Element Locate(int index, int count, string access, out EmulatedThread thread)
    {
        thread = EmulatedThread.Current
            ?? throw new KernelFaultException(
                $"A {access} on {Describe(null)} outside a kernel; the host reads and writes with Download and Upload.");
        if (memory is null)
        {
            throw Fault(access, index, "but it has no memory");
        }

        if ((uint)index >= (uint)length)
        {
            throw Fault(access, index, $"outside its span of {length} numbers");
        }

        // A lane of one number touches one, but a wider lane touches as many as the count says.
        if (count < 1 || count > length - index)
        {
            throw Fault(access, index, $"with count {count}, but from there to the end of its span are {length - index} numbers");
        }

        if (memory.Elements is not { } elements)
        {
            throw Fault(access, index, "but its memory is freed");
        }

        return ref elements[offset + index];
    }

    private KernelFaultException Fault(string access, int index, string what) =>
        CheckedAccess.Fault(EmulatedThread.Current!, access, new Place(this, index), what);

    private string Describe(Launch? launch)
    {
        string fields = launch is null ? "" : KernelDescription.FieldsHolding(launch.Kernel, this);
        return (memory is null ? "an empty buffer" : $"buffer '{memory.Name}'") + (fields.Length == 0 ? "" : $" (field {fields})");
    }

    private readonly struct Place(CheckedBuffer<V> buffer, int index) : IMemoryPlace
    {
        public string Describe(Launch launch) =>
            $"{buffer.Describe(launch)} at index {index} ({(long)buffer.offset + index} in its memory)";
    }
}
