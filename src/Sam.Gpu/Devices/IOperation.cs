using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>An operation on device memory, before it is known which lane and buffer its kernels will have.</summary>
/// <remarks>An operation checks its operands where it is made; <see cref="Run"/> is its launch rule.</remarks>
public interface IOperation
{
    /// <summary>Makes the kernels for a lane and a buffer and launches them.</summary>
    /// <typeparam name="V">The device's lane.</typeparam>
    /// <typeparam name="B">The device's buffer.</typeparam>
    /// <param name="device">The device.</param>
    void Run<V, B>(KernelDevice<V, B> device)
        where V : unmanaged, ILane<V>
        where B : struct, IBuffer<V>;
}
