using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class LossOperationsTests
{
    private static readonly (int Examples, int Columns)[] Shapes = [(1, 1), (7, 1), (5, 3), (3, 10), (4, 17), (2, 33), (2, 100)];

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void SquaredError_gives_losses_and_gradient(string key)
    {
        using var device = TestDevices.Create(key);
        double scale = device.Round(0.3);
        foreach (var (examples, columns) in Shapes)
        {
            double[] o = device.Normal(1, examples * columns);
            double[] t = device.Normal(2, examples * columns);
            using var outputs = device.Place(o);
            using var targets = device.Place(t);
            using var losses = device.Allocate(examples, "losses");
            using var gradient = device.Allocate(o.Length, "gradient");
            device.SquaredError(outputs.Span, targets.Span, columns, scale, losses.Span, gradient.Span);
            double[] actual = device.Read(losses.Span);
            for (int n = 0; n < examples; n++)
            {
                double expected = scale * Enumerable.Range(n * columns, columns).Sum(i => (o[i] - t[i]) * (o[i] - t[i]));

                // All terms are positive: a rounding of the difference counts twice, and few of the additions one way.
                Near.Number(expected, actual[n], 16 * device.UnitRoundoff * expected, $"loss {n} of {examples}×{columns}");
            }

            double[] slopes = device.Read(gradient.Span);
            for (int i = 0; i < o.Length; i++)
            {
                double expected = 2 * scale * (o[i] - t[i]);
                Near.Number(expected, slopes[i], 2 * device.UnitRoundoff * Math.Abs(expected), $"gradient {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void CrossEntropy_gives_probabilities_losses_and_gradient(string key)
    {
        using var device = TestDevices.Create(key);
        double scale = device.Round(0.3);
        foreach (var (examples, columns) in Shapes)
        {
            // Soft targets: the formula holds for every distribution.
            double[] o = [.. device.Normal(1, examples * columns).Select(number => 4 * number)];
            double[] t = Softmax([.. DeviceNumbers.Normal(2, o.Length)], columns);
            t = [.. t.Select(device.Round)];
            using var outputs = device.Place(o);
            using var targets = device.Place(t);
            using var losses = device.Allocate(examples, "losses");
            using var gradient = device.Allocate(o.Length, "gradient");
            using var probabilities = device.Allocate(o.Length, "probabilities");
            device.CrossEntropy(outputs.Span, targets.Span, columns, scale, probabilities.Span, losses.Span, gradient.Span);
            double[] p = Softmax(o, columns);

            // The argument of the exponential, up to 30 in size, is rounded once; the exponential is within 4 ulp.
            double tolerance = 64 * device.UnitRoundoff;
            Near.Numbers(p, device.Read(probabilities.Span), tolerance, "probability");
            Near.Numbers([.. p.Zip(t, (a, b) => scale * (a - b))], device.Read(gradient.Span), tolerance, "gradient");
            double[] actual = device.Read(losses.Span);
            for (int n = 0; n < examples; n++)
            {
                double[] row = o[(n * columns)..((n + 1) * columns)];
                double below = Enumerable.Range(0, columns).Sum(c => t[(n * columns) + c] * (row.Max() - row[c]));
                double expected = scale * (Math.Log(row.Sum(number => Math.Exp(number - row.Max()))) + below);
                Near.Number(expected, actual[n], tolerance * (1 + expected), $"loss {n} of {examples}×{columns}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void CrossEntropy_of_large_logits_neither_overflows_nor_cancels(string key)
    {
        using var device = TestDevices.Create(key);
        using var outputs = device.Place([1e4, -1e4, 0, -1e4, -1e4, 1e4]);
        using var targets = device.Place([1, 0, 0, 1, 0, 0]);
        using var losses = device.Allocate(2, "losses");
        using var gradient = device.Allocate(6, "gradient");
        using var probabilities = device.Allocate(6, "probabilities");
        device.CrossEntropy(outputs.Span, targets.Span, 3, 1, probabilities.Span, losses.Span, gradient.Span);
        Assert.Equal([0, 2e4], device.Read(losses.Span));
        Assert.Equal([1, 0, 0, 0, 0, 1], device.Read(probabilities.Span));
        Assert.Equal([0, 0, 0, -1, 0, 1], device.Read(gradient.Span));
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_NaN_spoils_its_own_example_alone(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int columns in (int[])[1, 3, 9, 17])
        {
            for (int at = 0; at < columns; at++)
            {
                double[] o = device.Normal(1, 2 * columns);
                o[at] = double.NaN;
                double[] t = new double[2 * columns];
                t[0] = t[columns] = 1;
                using var outputs = device.Place(o);
                using var targets = device.Place(t);
                using var losses = device.Allocate(2, "losses");
                using var gradient = device.Allocate(o.Length, "gradient");
                using var probabilities = device.Allocate(o.Length, "probabilities");
                device.CrossEntropy(outputs.Span, targets.Span, columns, 1, probabilities.Span, losses.Span, gradient.Span);
                double[] entropy = device.Read(losses.Span);
                device.SquaredError(outputs.Span, targets.Span, columns, 1, losses.Span, gradient.Span);
                double[] squared = device.Read(losses.Span);
                device.Correct(outputs.Span, targets.Span, columns, losses.Span);
                Assert.Equal(double.NaN, entropy[0]);
                Assert.Equal(double.NaN, squared[0]);
                Assert.Equal(0, device.Read(losses.Span)[0]);
                Assert.True(double.IsFinite(entropy[1]) && double.IsFinite(squared[1]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void CrossEntropyHessian_multiplies_a_block_also_in_place(string key)
    {
        using var device = TestDevices.Create(key);
        double scale = device.Round(0.3);
        foreach (var (examples, columns) in Shapes)
        {
            foreach (int directions in (int[])[1, 3])
            {
                double[] p = [.. Softmax(DeviceNumbers.Normal(1, examples * columns), columns).Select(device.Round)];
                double[] u = device.Normal(2, directions * p.Length);
                double[] expected = new double[u.Length];
                for (int row = 0; row < directions * examples; row++)
                {
                    int origin = row % examples * columns;
                    double mean = Enumerable.Range(0, columns).Sum(c => p[origin + c] * u[(row * columns) + c]);
                    for (int c = 0; c < columns; c++)
                    {
                        expected[(row * columns) + c] = scale * p[origin + c] * (u[(row * columns) + c] - mean);
                    }
                }

                using var probabilities = device.Place(p);
                using var block = device.Place(u);
                using var result = device.Allocate(u.Length, "result");
                device.CrossEntropyHessian(probabilities.Span, block.Span, columns, scale, result.Span);

                // Numbers of size 4 at most; some ten roundings.
                Near.Numbers(expected, device.Read(result.Span), 16 * device.UnitRoundoff, "product");
                double[] apart = device.Read(result.Span);
                device.CrossEntropyHessian(probabilities.Span, block.Span, columns, scale, block.Span);
                Near.Bits(apart, device.Read(block.Span));
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Correct_takes_the_first_of_equal_largest_outputs(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (examples, columns) in Shapes)
        {
            // Few different numbers, so that there are ties in most rows.
            double[] o = [.. DeviceNumbers.Normal(1, examples * columns).Select(number => Math.Round(number))];
            double[] t = [.. DeviceNumbers.Normal(2, examples * columns).Select(number => Math.Round(number))];
            double[] expected = new double[examples];
            for (int n = 0; n < examples; n++)
            {
                double[] output = o[(n * columns)..((n + 1) * columns)];
                double[] target = t[(n * columns)..((n + 1) * columns)];
                expected[n] = Array.IndexOf(output, output.Max()) == Array.IndexOf(target, target.Max()) ? 1 : 0;
            }

            using var outputs = device.Place(o);
            using var targets = device.Place(t);
            using var correct = device.Allocate(examples, "correct");
            device.Correct(outputs.Span, targets.Span, columns, correct.Span);
            Assert.Equal(expected, device.Read(correct.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Correct_marks_ties_and_infinities_as_documented(string key)
    {
        using var device = TestDevices.Create(key);
        using var outputs = device.Place([2, 2, 1, 1, 2, 2, 0, 0, 0, double.PositiveInfinity, 0, 0, 1, double.NegativeInfinity, 0]);
        using var targets = device.Place([1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
        using var correct = device.Allocate(5, "correct");
        device.Correct(outputs.Span, targets.Span, 3, correct.Span);
        Assert.Equal([1, 0, 1, 0, 0], device.Read(correct.Span));
    }

    private static double[] Softmax(double[] outputs, int columns)
    {
        double[] result = new double[outputs.Length];
        for (int row = 0; row < outputs.Length; row += columns)
        {
            double largest = outputs[row..(row + columns)].Max();
            double total = outputs[row..(row + columns)].Sum(number => Math.Exp(number - largest));
            for (int c = row; c < row + columns; c++)
            {
                result[c] = Math.Exp(outputs[c] - largest) / total;
            }
        }

        return result;
    }
}
