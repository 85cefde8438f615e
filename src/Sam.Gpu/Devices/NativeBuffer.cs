using System.Runtime.InteropServices;

namespace Sam.Gpu.Devices;

/// <summary>Working memory outside the managed heap that grows when it must and is otherwise reused; aligned to a cache line.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    private const int Alignment = 64;

    private void* origin;
    private long capacity;

    ~NativeBuffer() => Free();

    /// <summary>The size that it has grown to, in bytes.</summary>
    public long Capacity => capacity;

    /// <summary>The buffer, large enough. What it held is lost if it had to grow.</summary>
    /// <param name="bytes">The size.</param>
    /// <exception cref="DeviceException">There is not that much memory.</exception>
    public byte* Reserve(long bytes)
    {
        if (bytes > capacity)
        {
            Free();
            try
            {
                origin = NativeMemory.AlignedAlloc((nuint)bytes, Alignment);
            }
            catch (OutOfMemoryException exception)
            {
                throw new DeviceException(
                    $"There is no memory for the {bytes / 1048576.0:F0} MiB that a matrix product works in. Use fewer --threads.", exception);
            }

            capacity = bytes;
        }

        return (byte*)origin;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(origin);
        origin = null;
        capacity = 0;
    }
}
