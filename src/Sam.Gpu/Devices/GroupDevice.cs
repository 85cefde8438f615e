using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>A device whose teams are groups of threads, one number a thread: a GPU, or its emulation.</summary>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="B">The buffer.</typeparam>
public abstract class GroupDevice<V, B> : KernelDevice<V, B>
    where V : unmanaged, ILane<V>
    where B : struct, IBuffer<V>
{
    /// <summary>Creates the device.</summary>
    /// <param name="name">The name shown to the user.</param>
    protected GroupDevice(string name)
        : base(name) => ArgumentOutOfRangeException.ThrowIfNotEqual(V.Width, 1, "the width of the lane");

    /// <inheritdoc/>
    protected override void MultiplyChecked(DeviceMatrix a, DeviceMatrix b, DeviceMatrix c, int batch, bool accumulate)
    {
        var kernel = new MatrixProduct<B, V>(
            Buffer(a.Span), a.IsTransposed ? 1 : a.RowStride, a.IsTransposed ? a.RowStride : 1, a.BatchStride,
            Buffer(b.Span), b.IsTransposed ? 1 : b.RowStride, b.IsTransposed ? b.RowStride : 1, b.BatchStride,
            Buffer(c.Span), c.RowStride, c.BatchStride,
            c.Rows, c.Columns, a.Columns, accumulate ? 1 : 0);
        LaunchElements(kernel, batch * c.Rows * c.Columns);
    }
}
