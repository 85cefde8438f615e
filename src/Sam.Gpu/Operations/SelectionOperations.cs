using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>
/// Choosing rows of matrices. N rows, C columns; indices are whole numbers below 2²⁴ that the device keeps as its own numbers.
/// </summary>
public static class SelectionOperations
{
    /// <summary>markᵢ = 1 for the largest numbers, of equal ones those with the smaller index, else 0; NaN counts as ∞.</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">[N].</param>
    /// <param name="kept">How many, 0 … N.</param>
    /// <param name="marks">[N].</param>
    public static void MarkLargest(this Device device, DeviceSpan x, int kept, DeviceSpan marks)
    {
        Require.Length(marks, x.Length);
        device.Execute(new MarkLargestOperation(x, kept, marks));
    }

    /// <summary>The indices of the marks that are 1, in order.</summary>
    /// <remarks>As many as there are; what is left of the list keeps what it holds.</remarks>
    /// <param name="device">The device.</param>
    /// <param name="marks">0 or 1, [N].</param>
    /// <param name="indices">At least as many as there are marks of 1.</param>
    public static void ListMarked(this Device device, DeviceSpan marks, DeviceSpan indices)
    {
        device.Execute(new ListMarkedOperation(marks, indices));
    }

    /// <summary>result[r, ·] = x[indexᵣ, ·].</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">[any, C].</param>
    /// <param name="indices">[N], each a row of x.</param>
    /// <param name="columns">C.</param>
    /// <param name="result">[N, C].</param>
    public static void GatherRows(this Device device, DeviceSpan x, DeviceSpan indices, int columns, DeviceSpan result)
    {
        Require.Length(result, (long)indices.Length * columns);
        device.Execute(new GatherRowsOperation(x, indices, columns, result));
    }

    /// <summary>result[indexᵣ, ·] = x[r, ·].</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">[N, C].</param>
    /// <param name="indices">[N], each a row of the result, no two the same.</param>
    /// <param name="columns">C.</param>
    /// <param name="result">[any, C].</param>
    public static void ScatterRows(this Device device, DeviceSpan x, DeviceSpan indices, int columns, DeviceSpan result)
    {
        Require.Length(x, (long)indices.Length * columns);
        device.Execute(new ScatterRowsOperation(x, indices, columns, result));
    }

    private readonly struct MarkLargestOperation(DeviceSpan x, int kept, DeviceSpan marks) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(new MarkLargest<B, V>(device.Buffer(x), device.Buffer(marks), x.Length, kept), x.Length, x.Length);
    }

    private readonly struct ListMarkedOperation(DeviceSpan marks, DeviceSpan indices) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(new ListMarked<B, V>(device.Buffer(marks), device.Buffer(indices)), marks.Length, marks.Length);
    }

    private readonly struct GatherRowsOperation(DeviceSpan x, DeviceSpan indices, int columns, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new GatherRows<B, V>(device.Buffer(x), device.Buffer(indices), device.Buffer(result), columns),
                indices.Length, columns);
    }

    private readonly struct ScatterRowsOperation(DeviceSpan x, DeviceSpan indices, int columns, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new ScatterRows<B, V>(device.Buffer(x), device.Buffer(indices), device.Buffer(result), columns),
                indices.Length, columns);
    }
}
