using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Transposes blocks of matrices in memory. K directions, M matrices [R, C].</summary>
public static class TransposeOperations
{
    /// <summary>y[k, m, c, r] = x[k, m, r, c], or y[k, m, c, r] += x[k, m, r, c].</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">The matrices, [K, M, R, C]; those of direction k start at k · <paramref name="xStride"/>.</param>
    /// <param name="y">Where they go, [K, M, C, R]; those of direction k start at k · <paramref name="yStride"/>. Does not overlap x.</param>
    /// <param name="matrices">M.</param>
    /// <param name="rows">R.</param>
    /// <param name="columns">C.</param>
    /// <param name="directions">K.</param>
    /// <param name="xStride">The distance between the matrices of two directions.</param>
    /// <param name="yStride">Likewise.</param>
    /// <param name="accumulate">Whether to add to what <paramref name="y"/> holds.</param>
    public static void Transpose(
        this Device device, DeviceSpan x, DeviceSpan y, int matrices, int rows, int columns,
        int directions = 1, int xStride = 0, int yStride = 0, bool accumulate = false)
    {
        long size = (long)matrices * rows * columns;
        Require.AtLeast(x, ((long)(directions - 1) * xStride) + size);
        Require.AtLeast(y, ((long)(directions - 1) * yStride) + size);
        device.Execute(new Operation(x, xStride, y, yStride, matrices, rows, columns, directions, accumulate));
    }

    private readonly struct Operation(
        DeviceSpan x, int xStride, DeviceSpan y, int yStride, int matrices, int rows, int columns, int directions, bool accumulate) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new Transpose<B, V>(device.Buffer(x), xStride, device.Buffer(y), yStride, matrices, rows, columns, accumulate ? 1 : 0),
                directions * matrices * rows, columns);
    }
}
