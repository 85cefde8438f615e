using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.Kernels.Teams;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>Kernels without a mistake run through and give what they should, on every device.</summary>
public sealed class WorkingKernelTests
{
    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void An_element_kernel_treats_every_element_once_in_place_or_not(string key)
    {
        const int length = 101;
        using var device = TestDevices.Create(key);
        var x = Uploaded(device, "x", length);
        using var y = device.Allocate(length, "y");
        device.Execute(new IncrementOperation(x, y.Span));
        device.Execute(new IncrementOperation(y.Span, y.Span));

        Assert.Equal(Enumerable.Range(0, length).Select(i => i + 2.0), Downloaded(device, y.Span));
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_row_kernel_with_sums_maxima_and_loads_across_ranks_gives_its_result(string key)
    {
        const int rows = 3;
        const int columns = 37;
        using var device = TestDevices.Create(key);
        var x = Uploaded(device, "x", rows * columns);
        using var y = device.Allocate(rows * columns, "y");
        device.Execute(new ShareOperation(x, y.Span, rows, columns));

        double[] shares = Downloaded(device, y.Span);
        for (int row = 0; row < rows; row++)
        {
            double last = ((row + 1) * columns) - 1;
            double sum = Enumerable.Range(row * columns, columns).Sum(i => i / last);
            for (int column = 0; column < columns; column++)
            {
                // A quotient, a sum of 37 terms and a quotient: fewer than 40 roundings.
                double expected = ((row * columns) + columns - 1 - column) / last / sum;
                Assert.True(Math.Abs(shares[(row * columns) + column] - expected) <= (40 * device.UnitRoundoff * expected) + double.Epsilon);
            }
        }
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_launch_over_nothing_does_nothing(string key)
    {
        using var device = TestDevices.Create(key);
        device.Execute(new IncrementOperation(default, default));
        device.Execute(new ShareOperation(default, default, 0, 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(32)]
    public void Collectives_give_every_thread_the_sum_and_the_maximum_of_all(int groupSize)
    {
        using var device = new EmulatedDevice<Double1>(groupSize);
        using var output = device.Allocate(2 * groupSize, "output");
        device.LaunchRows(new SumAndMax<CheckedBuffer<Double1>>(device.Buffer(output.Span)), 1, groupSize);

        double[] results = Downloaded(device, output.Span);
        Assert.All(results[..groupSize], sum => Assert.Equal(groupSize * (groupSize + 1) / 2, sum));
        Assert.All(results[groupSize..], maximum => Assert.Equal(groupSize, maximum));
    }

    [Theory, MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Matrix_products_give_their_result(string key)
    {
        const int rows = 5;
        const int depth = 4;
        const int columns = 3;
        using var device = TestDevices.Create(key);
        var a = Uploaded(device, "a", depth * rows);
        var b = Uploaded(device, "b", depth * columns);
        var c = Uploaded(device, "c", rows * columns);
        var left = new DeviceMatrix(a, depth, rows).Transposed;
        device.Multiply(left, new DeviceMatrix(b, depth, columns), new DeviceMatrix(c, rows, columns), 1, true);

        // Small integers: exact in both precisions.
        double[] product = Downloaded(device, c);
        for (int i = 0; i < product.Length; i++)
        {
            int row = i / columns;
            int column = i % columns;
            Assert.Equal(i + Enumerable.Range(0, depth).Sum(k => ((k * rows) + row) * ((k * columns) + column)), product[i]);
        }
    }

    private static DeviceSpan Uploaded(Device device, string name, int length)
    {
        var span = device.Allocate(length, name).Span;
        device.Upload([.. Enumerable.Range(0, length).Select(i => (double)i)], span);
        return span;
    }

    private static double[] Downloaded(Device device, DeviceSpan span)
    {
        double[] numbers = new double[span.Length];
        device.Download(span, numbers);
        return numbers;
    }

    private readonly struct IncrementOperation(DeviceSpan x, DeviceSpan y) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new Increment<B, V>(device.Buffer(x), device.Buffer(y)), x.Length);
    }

    internal readonly struct Increment<B, V>(B x, B y) : IElementKernel
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run(int index, int count) => y.Store(index, count, x.Load(index, count) + V.Constant(1));
    }

    private readonly struct ShareOperation(DeviceSpan x, DeviceSpan y, int rows, int columns) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(new Share<B, V>(device.Buffer(x), device.Buffer(y), columns), rows, columns);
    }

    /// <summary>The quotients by the row's maximum, as shares of their sum, in reverse order: reads across ranks.</summary>
    internal readonly struct Share<B, V>(B x, B y, int columns) : IRowKernel<V>
        where B : struct, IBuffer<V>
        where V : unmanaged, ILane<V>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<V>
        {
            int start = row * columns;
            int step = team.Size * V.Width;
            var maximum = V.Constant(1);
            for (int column = team.Rank * V.Width; column < columns; column += step)
            {
                maximum = V.Max(maximum, x.Load(start + column, columns - column));
            }

            maximum = team.Max(V.MaxAcross(maximum));
            var sum = V.Constant(0);
            for (int column = team.Rank * V.Width; column < columns; column += step)
            {
                var quotient = x.Load(start + column, columns - column) / maximum;
                y.Store(start + column, columns - column, quotient);
                sum += quotient;
            }

            sum = team.Sum(V.SumAcross(sum));

            // Whoever owns the left of a pair exchanges the two, one of which another rank has stored.
            for (int column = team.Rank; column < columns / 2; column += team.Size)
            {
                int mirror = columns - 1 - column;
                var left = y.Broadcast(start + column) / sum;
                y.StoreFirst(start + column, y.Broadcast(start + mirror) / sum);
                y.StoreFirst(start + mirror, left);
            }

            team.Barrier();
            if (team.Rank == 0 && columns % 2 == 1)
            {
                y.StoreFirst(start + (columns / 2), y.Broadcast(start + (columns / 2)) / sum);
            }
        }
    }

    private readonly struct SumAndMax<B>(B output) : IRowKernel<Double1>
        where B : struct, IBuffer<Double1>
    {
        public void Run<T>(T team, int row)
            where T : struct, ITeam<Double1>
        {
            output.StoreFirst(team.Rank, team.Sum(new Double1(team.Rank + 1)));
            output.StoreFirst(team.Size + team.Rank, team.Max(new Double1(team.Rank + 1)));
        }
    }
}
