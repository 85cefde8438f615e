using ILGPU;
using ILGPU.Runtime;
using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Ilgpu;

/// <summary>Memory of an ILGPU device.</summary>
/// <typeparam name="V">The lane.</typeparam>
internal sealed class IlgpuMemory<V> : DeviceMemory
    where V : unmanaged, ILane<V>
{
    private MemoryBuffer1D<V, Stride1D.Dense>? buffer;

    public IlgpuMemory(IlgpuDevice<V> device, string name, int length, MemoryBuffer1D<V, Stride1D.Dense>? buffer)
        : base(device, name, length) => this.buffer = buffer;

    /// <summary>The numbers of a span of this memory.</summary>
    /// <exception cref="ObjectDisposedException">The memory is freed.</exception>
    public ArrayView<V> View(int offset, int length)
    {
        ObjectDisposedException.ThrowIf(buffer is null && Length > 0, this);

        // An empty view at the end of the memory would end the process: ILGPU asserts that the offset is that of a number.
        return length == 0 ? ArrayView<V>.Empty : ((ArrayView<V>)buffer!.View).SubView(offset, length);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && buffer is not null)
        {
            ((IlgpuDevice<V>)Device).Freed(buffer.LengthInBytes);
            buffer.Dispose();
            buffer = null;
        }
    }
}
