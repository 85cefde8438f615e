using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Devices;

/// <summary>A device that runs the kernels of <c>Sam.Gpu.Kernels</c> over its own lane and buffer.</summary>
/// <remarks>
/// A device has to bring little: memory, a buffer around a span, two ways to launch, and the matrix product, the one operation for which a
/// single source cannot be best everywhere. <see cref="GroupDevice{V, B}"/> brings that of devices whose teams are thread groups.
/// </remarks>
/// <typeparam name="V">The lane.</typeparam>
/// <typeparam name="B">The buffer.</typeparam>
public abstract class KernelDevice<V, B> : Device
    where V : unmanaged, ILane<V>
    where B : struct, IBuffer<V>
{
    private DeviceMemory? scratch;

    /// <summary>Creates the device.</summary>
    /// <param name="name">The name shown to the user.</param>
    protected KernelDevice(string name)
        : base(name, V.IsDouble ? Precision.Double : Precision.Float)
    {
    }

    /// <summary>The buffer around a span, to hand to a kernel.</summary>
    /// <param name="span">The span; the default, empty span gives a buffer that no kernel may touch.</param>
    /// <exception cref="ArgumentException">The span lies on another device.</exception>
    /// <exception cref="ObjectDisposedException">Its memory is freed: on the CPU. Another device says what it throws instead.</exception>
    public abstract B Buffer(DeviceSpan span);

    /// <summary>Launches a kernel over the elements 0 … <paramref name="length"/> − 1.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="length">The number of elements, ≥ 0.</param>
    public abstract void LaunchElements<K>(in K kernel, int length)
        where K : struct, IElementKernel;

    /// <summary>Launches a kernel over the rows 0 … <paramref name="rows"/> − 1, a team each.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="rows">The number of rows, ≥ 0.</param>
    /// <param name="rowLength">
    /// About how many numbers a row touches: a hint for how to share the work out. On a device of thread groups it decides the size of a
    /// group, and with it the order of the row's sums.
    /// </param>
    public abstract void LaunchRows<K>(in K kernel, int rows, int rowLength)
        where K : struct, IRowKernel<V>;

    /// <summary>Computes matrix products and then launches a kernel over their numbers, a block [K, L]; a device may do both at once.</summary>
    /// <typeparam name="K">The kernel.</typeparam>
    /// <param name="product">The products: their rows, through the whole batch, are those of the block.</param>
    /// <param name="kernel">The kernel with its arguments.</param>
    /// <param name="length">L, the elements of a direction: whole rows.</param>
    /// <exception cref="ArgumentException">C has gaps, or is no block of directions of that length.</exception>
    public virtual void MultiplyThen<K>(in DeviceProduct product, in K kernel, int length)
        where K : struct, IBlockKernel
    {
        product.RequireBlock(length);
        Multiply(product);
        LaunchElements(kernel, length);
    }

    /// <summary>Memory for the inside of one operation, such as the partial sums of a reduction.</summary>
    /// <remarks>What it holds is not defined, and the next call, with which the next operation begins, takes it back.</remarks>
    /// <param name="length">The number of numbers.</param>
    public virtual DeviceSpan Scratch(int length)
    {
        if (scratch is null || scratch.Length < length)
        {
            scratch?.Dispose();
            scratch = Allocate(Math.Max(length, 4096), "scratch");
        }

        return scratch.Span.Slice(0, length);
    }

    /// <inheritdoc/>
    public sealed override void Execute<O>(in O operation) => operation.Run(this);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            scratch?.Dispose();
        }
    }
}
