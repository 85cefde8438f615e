using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.TestSupport;

/// <summary>A device of the CPU, one number at a time, that takes note of the kernels that are launched. It does not run tiles.</summary>
public sealed class RecordingDevice() : RelayDevice<Float1, HostBuffer<Float1>>(new CpuDevice<Float1>(1))
{
    /// <summary>The kernels so far.</summary>
    public HashSet<Type> Kernels { get; } = [];

    /// <inheritdoc/>
    public override void LaunchElements<K>(in K kernel, int length)
    {
        Kernels.Add(typeof(K));
        base.LaunchElements(kernel, length);
    }

    /// <inheritdoc/>
    public override void LaunchTiles<K>(in K kernel, int tiles) => Kernels.Add(typeof(K));

    /// <inheritdoc/>
    public override void LaunchRows<K>(in K kernel, int rows, int rowLength)
    {
        Kernels.Add(typeof(K));
        base.LaunchRows(kernel, rows, rowLength);
    }

    /// <inheritdoc/>
    protected override int LargestGroup => 256;
}
