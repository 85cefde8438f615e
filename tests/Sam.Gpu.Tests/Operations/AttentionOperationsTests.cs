using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

public class AttentionOperationsTests
{
    private const int Heads = 2;
    private const int Sequences = 3;
    private const double Scale = 0.7;

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Positions_see_themselves_and_those_before_that_are_not_padding(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int length in (int[])[1, 5, 8, 17, 33])
        {
            // Padding here and there; in the last sequence also at the beginning, where nothing is left to see.
            double[] tokens = [.. Enumerable.Range(0, Sequences * length).Select(i => i % 4 == 3 || i == 2 * length ? 0.0 : 1 + (i % 5))];
            double[] scores = [.. device.Normal(1, Heads * Sequences * length * length).Select(number => device.Round(9 * number))];
            double[] expected = new double[scores.Length];
            for (int row = 0; row < Heads * Sequences * length; row++)
            {
                int t = row % length;
                int origin = row / length % Sequences * length;
                int[] seen = [.. Enumerable.Range(0, t + 1).Where(s => tokens[origin + s] != 0)];
                double largest = seen.Select(s => Scale * scores[(row * length) + s]).DefaultIfEmpty().Max();
                double[] powers = [.. seen.Select(s => Math.Exp((Scale * scores[(row * length) + s]) - largest))];
                for (int i = 0; i < seen.Length; i++)
                {
                    expected[(row * length) + seen[i]] = powers[i] / powers.Sum();
                }
            }

            using var rows = device.Place(scores);
            using var placed = device.Place(tokens);
            device.CausalSoftmax(rows.Span, placed.Span, length, Scale);

            // The exponent, up to some 40, is rounded before the exponential.
            Near.Numbers(expected, device.Read(rows.Span), 100 * device.UnitRoundoff, $"weight of length {length}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void The_tangent_of_a_softmax_gradient_is_its_difference_in_the_direction(string key)
    {
        using var device = TestDevices.Create(key);
        const int Rows = 3;
        const int Directions = 2;
        foreach (int columns in (int[])[1, 4, 9, 16, 33])
        {
            // p need not be a softmax: s p ∘ (g − p · g) is differentiated along (R{p}, R{g}), whatever they are.
            double[] p = device.Normal(1, Rows * columns);
            double[] g = device.Normal(2, Rows * columns);
            double[] pTangents = device.Normal(3, Directions * Rows * columns);
            double[] gTangents = device.Normal(4, Directions * Rows * columns);
            double[] expected = new double[pTangents.Length];
            for (int row = 0; row < Directions * Rows; row++)
            {
                int origin = row % Rows * columns;
                double[] Gradient(double step)
                {
                    double[] moved = [.. Enumerable.Range(0, columns).Select(c => p[origin + c] + (step * pTangents[(row * columns) + c]))];
                    double[] pulled = [.. Enumerable.Range(0, columns).Select(c => g[origin + c] + (step * gTangents[(row * columns) + c]))];
                    double mean = moved.Zip(pulled, (a, b) => a * b).Sum();
                    return [.. moved.Zip(pulled, (a, b) => Scale * a * (b - mean))];
                }

                FiniteDifference.Directional(step => Gradient(step[0]), [0], [1], 0.01).CopyTo(expected, row * columns);
            }

            using var probabilities = device.Place(p);
            using var probabilityTangents = device.Place(pTangents);
            using var gradient = device.Place(g);
            using var gradientTangents = device.Place(gTangents);
            device.SoftmaxTangentBackward(
                probabilities.Span, probabilityTangents.Span, gradient.Span, gradientTangents.Span, columns, Scale, gradientTangents.Span);

            // The gradient is cubic in the step, which Richardson's extrapolation differentiates exactly.
            double tolerance = device.Precision == Precision.Double ? 1e-11 : 1e-5;
            Near.Vectors(expected, device.Read(gradientTangents.Span), tolerance, $"tangent of {columns} columns");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Classes_become_rows_of_zeros_and_a_one(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (int columns in (int[])[1, 4, 9, 16, 33])
        {
            double[] classes = [0, columns - 1, columns / 2, columns, 0];
            using var placed = device.Place(classes);
            using var result = device.Allocate(classes.Length * columns, "rows");
            device.OneHot(placed.Span, columns, result.Span);
            double[] expected = [.. classes.SelectMany(one => Enumerable.Range(0, columns).Select(c => c == one ? 1.0 : 0))];
            Near.Bits(expected, device.Read(result.Span));
        }
    }
}
