using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class TransposeOperationsTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Every_matrix_of_every_direction_is_transposed(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (directions, matrices, rows, columns) in ((int, int, int, int)[])[(1, 1, 1, 1), (1, 3, 4, 9), (2, 2, 17, 3), (3, 1, 5, 33)])
        {
            int size = matrices * rows * columns;
            (int xStride, int yStride) = (size + 2, size + 5);
            double[] numbers = device.Normal(1, directions * xStride);
            double[] before = device.Normal(2, directions * yStride);
            foreach (bool accumulate in (bool[])[false, true])
            {
                double[] expected = [.. before];
                for (int i = 0; i < directions * size; i++)
                {
                    int matrix = i % size / (rows * columns);
                    int r = i % (rows * columns) / columns;
                    int target = (i / size * yStride) + (matrix * rows * columns) + (i % columns * rows) + r;
                    expected[target] = device.Round((accumulate ? before[target] : 0) + numbers[(i / size * xStride) + (i % size)]);
                }

                using var x = device.Place(numbers);
                using var y = device.Place(before);
                device.Transpose(x.Span, y.Span, matrices, rows, columns, directions, xStride, yStride, accumulate);
                Near.Bits(expected, device.Read(y.Span));
            }
        }
    }

    [Fact]
    public void Spans_that_are_too_short_are_an_error()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var x = device.Place(new double[12]);
        using var y = device.Place(new double[11]);
        Assert.Throws<ArgumentException>(() => device.Transpose(x.Span, y.Span, 1, 3, 4));
        Assert.Throws<ArgumentException>(() => device.Transpose(x.Span, x.Span, 1, 3, 4, directions: 2, xStride: 12));
    }
}
