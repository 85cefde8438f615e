using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class BlockOperationsTests
{
    // As for a dot product: up to a thousand additions in a row, whose roundings walk at random.
    private const double Roundings = 32;

    private static readonly (int XCount, int YCount)[] Counts = [(1, 1), (3, 2), (2, 5)];

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void BlockDot_gives_the_products_of_all_pairs(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in Sizes.Of(device).Where(size => size <= 4097))
        {
            foreach (var (xCount, yCount) in Counts)
            {
                double[] left = device.Normal(1, xCount * size);
                double[] right = device.Normal(2, yCount * size);
                using var x = device.Place(left);
                using var y = device.Place(right);
                using var result = device.Allocate(xCount * yCount, "result");
                device.BlockDot(x.Span, xCount, y.Span, yCount, result.Span);
                double[] actual = device.Read(result.Span);
                for (int i = 0; i < xCount; i++)
                {
                    for (int j = 0; j < yCount; j++)
                    {
                        double[] products = [.. Enumerable.Range(0, size).Select(p => left[(i * size) + p] * right[(j * size) + p])];
                        Near.Number(
                            products.Sum(), actual[(i * yCount) + j],
                            Roundings * device.UnitRoundoff * products.Sum(Math.Abs), $"{i}·{j} of length {size}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void BlockCombine_gives_linear_combinations(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int size in Sizes.Of(device).Where(size => size <= 4097))
        {
            foreach (var (xCount, yCount) in Counts)
            {
                double[] vectors = device.Normal(1, xCount * size);
                double[] factors = device.Normal(2, xCount * yCount);
                double[] before = device.Normal(3, yCount * size);
                using var x = device.Place(vectors);
                using var coefficients = device.Place(factors);
                using var y = device.Place(before);
                using var fresh = device.Allocate(yCount * size, "combinations");
                device.BlockCombine(x.Span, xCount, coefficients.Span, fresh.Span, yCount);
                device.BlockCombine(x.Span, xCount, coefficients.Span, y.Span, yCount, accumulate: true);
                double[] written = device.Read(fresh.Span);
                double[] added = device.Read(y.Span);
                for (int n = 0; n < written.Length; n++)
                {
                    int j = n / size;
                    double[] terms = [.. Enumerable.Range(0, xCount).Select(i => factors[(j * xCount) + i] * vectors[(i * size) + (n % size)])];

                    // One rounding a term, on the device and on the host.
                    double tolerance = 2 * device.UnitRoundoff * (xCount + 1) * (terms.Sum(Math.Abs) + Math.Abs(before[n]));
                    Near.Number(terms.Sum(), written[n], tolerance, $"combination {j}");
                    Near.Number(before[n] + terms.Sum(), added[n], tolerance, $"added combination {j}");
                }
            }
        }
    }
}
