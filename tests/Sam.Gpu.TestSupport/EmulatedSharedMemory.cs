using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>The shared memory of an emulated thread group while it works on one tile, every access checked.</summary>
/// <typeparam name="V">The lane.</typeparam>
/// <param name="length">The numbers.</param>
internal sealed class EmulatedSharedMemory<V>(int length)
    where V : unmanaged, ILane<V>
{
    private readonly EmulatedMemory<V>.Element[] elements = new EmulatedMemory<V>.Element[length];

    /// <summary>The threads of the group that have begun the tile.</summary>
    public int Users { get; set; }

    public V Load(EmulatedThread thread, long index) => CheckedAccess.Read(ref Locate(thread, index, "load"), thread, new Place(index));

    public void Store(EmulatedThread thread, int index, V value) =>
        CheckedAccess.Write(ref Locate(thread, index, "store"), thread, new Place(index), value);

    private ref EmulatedMemory<V>.Element Locate(EmulatedThread thread, long index, string access)
    {
        if ((ulong)index >= (ulong)elements.Length)
        {
            throw CheckedAccess.Fault(thread, access, new Place(index), $"outside its {elements.Length} numbers");
        }

        return ref elements[index];
    }

    private readonly struct Place(long index) : IMemoryPlace
    {
        public string Describe(Launch launch) => $"shared memory at index {index}";
    }
}
