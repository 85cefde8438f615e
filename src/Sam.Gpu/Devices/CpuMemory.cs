using System.Runtime.InteropServices;

namespace Sam.Gpu.Devices;

/// <summary>Memory of the host outside the managed heap, aligned to a cache line.</summary>
internal sealed unsafe class CpuMemory : DeviceMemory
{
    // One cache line, and the widest vector.
    private const int Alignment = 64;

    private void* origin;

    public CpuMemory(Device device, string name, int length)
        : base(device, name, length)
    {
        nuint bytes = ((nuint)length * (nuint)device.ElementSize) + Alignment;
        try
        {
            origin = NativeMemory.AlignedAlloc(bytes, Alignment);
        }
        catch (OutOfMemoryException exception)
        {
            throw new DeviceException(
                $"{device.Name} has no {bytes / 1048576.0:F0} MiB of memory for '{name}'. Use fewer --examples, a smaller network or fewer --eigenvalues.",
                exception);
        }
    }

    ~CpuMemory() => Dispose(false);

    /// <summary>The address of the number with index 0.</summary>
    public void* Origin => origin is not null ? origin : throw new ObjectDisposedException(Name);

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(origin);
        origin = null;
    }
}
