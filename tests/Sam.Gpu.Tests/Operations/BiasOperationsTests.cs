using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class BiasOperationsTests
{
    // 64 rows are one group of the sum; more take two levels, and more than 4096 three.
    private static readonly (int Directions, int Examples, int Columns)[] Shapes =
        [(1, 1, 1), (1, 9, 3), (3, 64, 5), (3, 65, 10), (2, 200, 17), (5, 7, 33), (2, 4200, 2)];

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AddBias_adds_the_bias_of_each_direction_to_its_rows(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (directions, examples, columns) in Shapes)
        {
            int stride = columns + 4;
            double[] rows = device.Normal(1, directions * examples * columns);
            double[] biases = device.Normal(2, directions * stride);
            using var bias = device.Place(biases);
            foreach (int used in (int[])[0, stride])
            {
                using var y = device.Place(rows);
                device.AddBias(y.Span, bias.Span, columns, directions, used);
                double[] expected =
                    [.. rows.Select((number, i) => device.Round(number + biases[(i / (examples * columns) * used) + (i % columns)]))];
                Near.Bits(expected, device.Read(y.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void AddColumnSums_adds_to_what_is_there(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (directions, examples, columns) in Shapes)
        {
            int stride = columns + 4;
            double[] rows = device.Normal(1, directions * examples * columns);
            double[] before = device.Normal(2, directions * stride);
            using var x = device.Place(rows);
            using var sums = device.Place(before);
            device.AddColumnSums(x.Span, columns, sums.Span, directions, stride);
            double[] expected = [.. before];
            double[] size = [.. before.Select(Math.Abs)];
            for (int i = 0; i < rows.Length; i++)
            {
                int target = (i / (examples * columns) * stride) + (i % columns);
                expected[target] += rows[i];
                size[target] += Math.Abs(rows[i]);
            }

            double[] actual = device.Read(sums.Span);
            for (int i = 0; i < actual.Length; i++)
            {
                // At most 64 + 64 + 2 additions in a row; where nothing is added nothing may change.
                double tolerance = i % stride < columns ? 32 * device.UnitRoundoff * size[i] : 0;
                Near.Number(expected[i], actual[i], tolerance, $"sum {i} of {directions}×{examples}×{columns}");
            }
        }
    }

    [Fact]
    public void A_bias_or_sum_that_is_too_short_is_an_error()
    {
        using var device = CpuDevice.Create(Precision.Float, 1);
        using var rows = device.Place(new double[2 * 3 * 4]);
        using var bias = device.Place(new double[7]);
        Assert.Throws<ArgumentException>(() => device.AddBias(rows.Span, bias.Span.Slice(0, 3), 4));
        Assert.Throws<ArgumentException>(() => device.AddBias(rows.Span, bias.Span, 4, directions: 2, biasStride: 4));
        Assert.Throws<ArgumentException>(() => device.AddColumnSums(rows.Span, 4, bias.Span, directions: 2, sumStride: 4));
    }
}
