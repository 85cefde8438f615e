using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>A device that hands everything to another: a base for those that watch or spoil what it does.</summary>
/// <remarks>
/// Matrix products are launched here, by the plain kernel: the other device is a CPU, which runs no tiles. It is disposed with this one.
/// </remarks>
/// <typeparam name="V">The lane, of width one.</typeparam>
/// <typeparam name="B">The buffer.</typeparam>
/// <param name="inner">The other device.</param>
public class RelayDevice<V, B>(KernelDevice<V, B> inner) : GroupDevice<V, B>(inner.Name)
    where V : unmanaged, ILane<V>
    where B : struct, IBuffer<V>
{
    /// <inheritdoc/>
    public override long Memory => inner.Memory;

    /// <inheritdoc/>
    public override bool SharesHostMemory => inner.SharesHostMemory;

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name) => inner.Allocate(length, name);

    /// <inheritdoc/>
    public override B Buffer(DeviceSpan span) => inner.Buffer(span);

    /// <inheritdoc/>
    public override DeviceSpan Scratch(int length) => inner.Scratch(length);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<double> source, DeviceSpan destination) => inner.Upload(source, destination);

    /// <inheritdoc/>
    public override void Upload(ReadOnlySpan<float> source, DeviceSpan destination) => inner.Upload(source, destination);

    /// <inheritdoc/>
    public override void Download(DeviceSpan source, Span<double> destination) => inner.Download(source, destination);

    /// <inheritdoc/>
    public override void Copy(DeviceSpan source, DeviceSpan destination) => inner.Copy(source, destination);

    /// <inheritdoc/>
    public override void Synchronize() => inner.Synchronize();

    /// <inheritdoc/>
    public override void LaunchElements<K>(in K kernel, int length) => inner.LaunchElements(kernel, length);

    /// <inheritdoc/>
    public override void LaunchRows<K>(in K kernel, int rows, int rowLength) => inner.LaunchRows(kernel, rows, rowLength);

    /// <inheritdoc/>
    public override void LaunchTiles<K>(in K kernel, int tiles) => throw new NotSupportedException("A CPU runs no tiles.");

    /// <inheritdoc/>
    protected override int LargestGroup => 0;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            inner.Dispose();
        }
    }
}
