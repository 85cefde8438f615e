using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>A bias and its gradient. K directions, N examples, C columns.</summary>
public static class BiasOperations
{
    // Rows added by one team: enough to make the next level short, few enough to spread over every core and to round little.
    private const int Group = 64;

    /// <summary>y[k, n, c] += bias[k, c].</summary>
    /// <param name="device">The device.</param>
    /// <param name="y">[K, N, C], updated.</param>
    /// <param name="bias">The biases: that of direction k starts at k · <paramref name="biasStride"/>.</param>
    /// <param name="columns">C.</param>
    /// <param name="directions">K.</param>
    /// <param name="biasStride">The distance between the biases; 0 is one bias for all.</param>
    public static void AddBias(this Device device, DeviceSpan y, DeviceSpan bias, int columns, int directions = 1, int biasStride = 0)
    {
        int examples = y.Length / columns / directions;
        Require.Length(y, (long)directions * examples * columns);
        Require.AtLeast(bias, ((long)(directions - 1) * biasStride) + columns);
        device.Execute(new AddOperation(y, bias, examples, columns, directions, biasStride));
    }

    /// <summary>sums[k, c] += Σ over n of x[k, n, c].</summary>
    /// <param name="device">The device.</param>
    /// <param name="x">[K, N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="sums">The sums, added to: those of direction k start at k · <paramref name="sumStride"/>.</param>
    /// <param name="directions">K.</param>
    /// <param name="sumStride">The distance between the sums of two directions.</param>
    public static void AddColumnSums(this Device device, DeviceSpan x, int columns, DeviceSpan sums, int directions = 1, int sumStride = 0)
    {
        int examples = x.Length / columns / directions;
        Require.Length(x, (long)directions * examples * columns);
        Require.AtLeast(sums, ((long)(directions - 1) * sumStride) + columns);
        device.Execute(new SumOperation(x, examples, columns, sums, directions, sumStride));
    }

    private static int Groups(int rows) => (rows + Group - 1) / Group;

    private readonly struct AddOperation(DeviceSpan y, DeviceSpan bias, int examples, int columns, int directions, int biasStride) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new AddBias<B, V>(device.Buffer(y), device.Buffer(bias), examples, columns, biasStride), directions * examples, columns);
    }

    private readonly struct SumOperation(DeviceSpan x, int examples, int columns, DeviceSpan sums, int directions, int sumStride) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            // Each level leaves the sums of its groups to the next, behind those of the level before; the last adds to the result.
            int longest = Groups(examples);
            DeviceSpan room = longest > 1 ? device.Scratch(directions * columns * (longest + Groups(longest))) : default;

            B source = device.Buffer(x);
            int rows = examples;
            for (int level = 0; Groups(rows) > 1; level++)
            {
                int groups = Groups(rows);
                int start = level % 2 == 0 ? 0 : directions * columns * longest;
                B partials = device.Buffer(room.Slice(start, directions * groups * columns));
                device.LaunchRows(
                    new ColumnSums<B, V>(source, partials, rows, columns, Group, groups, groups * columns, 0), directions * groups, Group * columns);
                (source, rows) = (partials, groups);
            }

            device.LaunchRows(
                new ColumnSums<B, V>(source, device.Buffer(sums), rows, columns, Group, 1, sumStride, 1), directions, rows * columns);
        }
    }
}
