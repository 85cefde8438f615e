using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Operations on blocks of vectors: [count, P], one vector after the other.</summary>
public static class BlockOperations
{
    // The chunks of some dozen vectors stay in a core's second-level cache.
    private const int Chunk = 2048;

    /// <summary>All dot products between two blocks: result[i, j] = Σ x[i, p] y[j, p].</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">A block, [xCount, P].</param>
    /// <param name="xCount">Its vectors, ≥ 1.</param>
    /// <param name="y">A block, [yCount, P].</param>
    /// <param name="yCount">Its vectors, ≥ 1.</param>
    /// <param name="result">The products, [xCount, yCount].</param>
    public static void BlockDot(this Device device, DeviceSpan x, int xCount, DeviceSpan y, int yCount, DeviceSpan result)
    {
        int length = x.Length / xCount;
        Require.Length(x, (long)xCount * length);
        Require.Length(y, (long)yCount * length);
        Require.Length(result, (long)xCount * yCount);
        device.Execute(new DotOperation(x, xCount, y, yCount, result, length));
    }

    /// <summary>Linear combinations of a block: y[j, ·] = Σᵢ coefficients[j, i] x[i, ·], or added to y.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">A block, [xCount, P].</param>
    /// <param name="xCount">Its vectors, ≥ 1.</param>
    /// <param name="coefficients">The coefficients, [yCount, xCount], on the device.</param>
    /// <param name="y">The combinations, [yCount, P]; they do not overlap x.</param>
    /// <param name="yCount">Their number, ≥ 1.</param>
    /// <param name="accumulate">Whether to add to what <paramref name="y"/> holds.</param>
    public static void BlockCombine(
        this Device device, DeviceSpan x, int xCount, DeviceSpan coefficients, DeviceSpan y, int yCount, bool accumulate = false)
    {
        int length = x.Length / xCount;
        Require.Length(x, (long)xCount * length);
        Require.Length(y, (long)yCount * length);
        Require.Length(coefficients, (long)xCount * yCount);
        device.Execute(new CombineOperation(x, xCount, coefficients, y, yCount, length, accumulate));
    }

    private readonly struct DotOperation(DeviceSpan x, int xCount, DeviceSpan y, int yCount, DeviceSpan result, int length) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            int chunks = Math.Max(1, (length + Chunk - 1) / Chunk);
            int pairs = xCount * yCount;
            B partials = device.Buffer(device.Scratch(pairs * chunks));
            device.LaunchRows(
                new BlockDot<B, V>(device.Buffer(x), xCount, device.Buffer(y), yCount, partials, length, Chunk, chunks),
                chunks, pairs * Chunk);
            device.LaunchRows(new SumRow<B, V>(partials, device.Buffer(result), chunks, 0, 0), pairs, chunks);
        }
    }

    private readonly struct CombineOperation(
        DeviceSpan x, int xCount, DeviceSpan coefficients, DeviceSpan y, int yCount, int length, bool accumulate) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new BlockCombine<B, V>(
                    device.Buffer(x), xCount, device.Buffer(coefficients), device.Buffer(y), yCount, length, accumulate ? 1 : 0),
                length);
    }
}
