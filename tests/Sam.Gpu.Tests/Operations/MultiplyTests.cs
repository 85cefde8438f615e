using Sam.Gpu.Devices;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

/// <summary>The matrix product of every device as the passes use it: all transpositions, batches, shared factors, wide rows.</summary>
public class MultiplyTests
{
    private static readonly (int Rows, int Columns, int Depth)[] Shapes = [(1, 1, 1), (3, 5, 4), (8, 8, 8), (9, 17, 7), (17, 4, 33), (1, 33, 3)];

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Products_agree_with_the_definition(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (rows, columns, depth) in Shapes)
        {
            for (int variant = 0; variant < 16; variant++)
            {
                Check(device, rows, columns, depth, variant);
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Products_that_are_large_or_deep_agree_with_the_definition(string key)
    {
        // A group device takes tiles for the first, and pieces of the depth with them for the second.
        using var device = TestDevices.Create(key);
        foreach (int variant in (int[])[0, 5, 10, 15])
        {
            Check(device, 40, 70, 50, variant);
            Check(device, 5, 3, 1100, variant);
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void The_batch_changes_no_bit(string key)
    {
        // Small enough for a group device to compute one plainly, and three by tiles; with the second depth, in pieces or not.
        using var device = TestDevices.Create(key);
        foreach (var (rows, columns, depth) in ((int, int, int)[])[(20, 21, 300), (2, 3, 600)])
        {
            var a = new Operand(device, 1, rows, depth, false, 3, false);
            var b = new Operand(device, 2, depth, columns, true, 3, false);
            var all = new Operand(device, 3, rows, columns, false, 3, false);
            var single = new Operand(device, 3, rows, columns, false, 3, false);
            device.Multiply(a.Matrix, b.Matrix, all.Matrix, 3, true);
            for (int item = 0; item < 3; item++)
            {
                device.Multiply(a.Item(item), b.Item(item), single.Item(item), 1, true);
            }

            Near.Bits(device.Read(all.Memory.Span), device.Read(single.Memory.Span));
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var memory = device.Allocate(24, "numbers");
        var matrix = new DeviceMatrix(memory.Span.Slice(0, 6), 2, 3);
        var square = new DeviceMatrix(memory.Span.Slice(6, 4), 2, 2, batchStride: 4);
        Assert.Throws<ArgumentException>(() => device.Multiply(matrix, matrix, square));
        Assert.Throws<ArgumentException>(() => device.Multiply(matrix, matrix.Transposed, square, batch: 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DeviceMatrix(memory.Span.Slice(0, 5), 2, 3));
    }

    // Bit 0 and 1 of the variant: A and B transposed; 2: accumulate; 3: B shared by a batch of three, else A by one of two.
    private static void Check(Device device, int rows, int columns, int depth, int variant)
    {
        bool accumulate = (variant & 4) != 0;
        bool isBShared = (variant & 8) != 0;
        int batch = isBShared ? 3 : 2;
        var a = new Operand(device, 1, rows, depth, (variant & 1) != 0, batch, isShared: !isBShared);
        var b = new Operand(device, 2, depth, columns, (variant & 2) != 0, batch, isBShared);
        var c = new Operand(device, 3, rows, columns, false, batch, false);
        device.Multiply(a.Matrix, b.Matrix, c.Matrix, batch, accumulate);
        double[] actual = device.Read(c.Memory.Span);
        double[] expected = [.. c.Numbers];
        double[] size = new double[expected.Length];
        for (int item = 0; item < batch; item++)
        {
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    int target = c.Index(item, row, column);
                    expected[target] = accumulate ? expected[target] : 0;
                    size[target] = Math.Abs(expected[target]);
                    for (int k = 0; k < depth; k++)
                    {
                        double term = a.Numbers[a.Index(item, row, k)] * b.Numbers[b.Index(item, k, column)];
                        expected[target] += term;
                        size[target] += Math.Abs(term);
                    }
                }
            }
        }

        for (int i = 0; i < actual.Length; i++)
        {
            // The roundings walk at random: k of them, of sums that grow as √k, are within a few units of k terms. What lies between the
            // rows must not change.
            Near.Number(
                expected[i], actual[i], 16 * device.UnitRoundoff * size[i], $"number {i} of {rows}×{depth}×{columns}, variant {variant}");
        }
    }

    // Rows lie 3 numbers further apart than they are long.
    private sealed class Operand
    {
        private readonly bool isTransposed;
        private readonly int stride;
        private readonly int batchStride;
        private readonly int itemLength;

        public Operand(Device device, ulong seed, int rows, int columns, bool isTransposed, int batch, bool isShared)
        {
            this.isTransposed = isTransposed;
            var (storedRows, storedColumns) = isTransposed ? (columns, rows) : (rows, columns);
            stride = storedColumns + 3;
            batchStride = isShared ? 0 : storedRows * stride;
            itemLength = storedRows * stride;
            Numbers = device.Normal(seed, storedRows * stride * batch);
            Memory = device.Place(Numbers);
            Matrix = new DeviceMatrix(Memory.Span, storedRows, storedColumns, stride, batchStride);
            Matrix = isTransposed ? Matrix.Transposed : Matrix;
        }

        public double[] Numbers { get; }

        public DeviceMemory Memory { get; }

        public DeviceMatrix Matrix { get; }

        public DeviceMatrix Item(int item)
        {
            var (rows, columns) = isTransposed ? (Matrix.Columns, Matrix.Rows) : (Matrix.Rows, Matrix.Columns);
            var matrix = new DeviceMatrix(Memory.Span.Slice(item * itemLength, itemLength), rows, columns, stride);
            return isTransposed ? matrix.Transposed : matrix;
        }

        public int Index(int item, int row, int column) =>
            (item * batchStride) + (isTransposed ? (column * stride) + row : (row * stride) + column);
    }
}
