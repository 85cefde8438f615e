using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The losses with their gradients and Hessians, and the count of correct examples.</summary>
/// <remarks>
/// Logits are multiples of 1/64, so that their differences are exact, and bounds need not know how large they are.
/// </remarks>
internal static class LossChecks
{
    // An exponential and a logarithm that are within 4 ulp have a relative error of at most 8 u.
    private const double RelativeElementary = 2 * Roundings.Elementary;

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        (int, int)[] shapes = [(3, 1), (50, 3), (20, 10), (7, 40), .. bench.IsThorough ? ((int, int)[])[(300, 10), (20, 300)] : []];
        foreach (var (examples, columns) in shapes)
        {
            string what = FormattableString.Invariant($"{examples}×{columns}");
            double scale = bench.Round(1.0 / examples);
            double[] normal = bench.Normal($"outputs {what}", examples * columns, 3);
            double[] outputs = Array.ConvertAll(normal, number => Math.Round(number * 64) / 64);
            double[] targets = Targets(bench, examples, columns);
            SquaredError(bench, what, outputs, bench.Normal($"targets {what}", outputs.Length), examples, columns, scale);
            double[] probabilities = CrossEntropy(bench, what, outputs, targets, examples, columns, scale);
            Hessian(bench, what, probabilities, columns, scale);

            // Few different numbers, so that there are ties in most rows.
            double[] coarse = Array.ConvertAll(outputs, number => Math.Round(number / 3));
            bench.Check(
                "correct examples", what, 0, false, [coarse, targets, new double[examples]], 2,
                (device, spans) => device.Correct(spans[0], spans[1], columns, spans[2]));
        }
    }

    // All on one class, or half on each of two.
    private static double[] Targets(CheckBench bench, int examples, int columns)
    {
        var random = bench.Random($"classes {examples}×{columns}");
        double[] targets = new double[examples * columns];
        for (int n = 0; n < examples; n++)
        {
            targets[(n * columns) + random.NextBelow(columns)] += 0.5;
            targets[(n * columns) + random.NextBelow(columns)] += 0.5;
        }

        return targets;
    }

    private static void SquaredError(
        CheckBench bench, string what, double[] outputs, double[] targets, int examples, int columns, double scale)
    {
        double[][] operands = [outputs, targets, new double[examples], new double[outputs.Length]];
        void Run(Devices.Device device, Devices.DeviceSpan[] spans) =>
            device.SquaredError(spans[0], spans[1], columns, scale, spans[2], spans[3]);
        double[][] actual = bench.Run("squared error", operands, Run, 2, 3);
        double[][] expected = bench.Refer(operands, Run, 2, 3);

        // The difference is rounded and squared, the sum of positive terms has as many roundings as columns, the scale's product one.
        bench.Row("squared error, losses").Add(actual[0], expected[0], null, bench.Allow(columns + 3), bench.Precision, what);
        bench.Row("squared error, gradient").Add(actual[1], expected[1], null, bench.Allow(1 + Roundings.One), bench.Precision, what);
    }

    private static double[] CrossEntropy(
        CheckBench bench, string what, double[] outputs, double[] targets, int examples, int columns, double scale)
    {
        double[][] operands = [outputs, targets, new double[outputs.Length], new double[examples], new double[outputs.Length]];
        void Run(Devices.Device device, Devices.DeviceSpan[] spans) =>
            device.CrossEntropy(spans[0], spans[1], columns, scale, spans[2], spans[3], spans[4]);
        double[][] actual = bench.Run("cross-entropy", operands, Run, 2, 3, 4);
        double[][] expected = bench.Refer(operands, Run, 2, 3, 4);

        // An exponential, the sum of all, and their quotient.
        double probability = (2 * RelativeElementary) + Roundings.Sum(columns) + (2 * Roundings.Quotient);
        bench.Row("cross-entropy, probabilities").Add(actual[0], expected[0], null, bench.Allow(probability), bench.Precision, what);

        // The relative error of the sum of exponentials is the absolute one of its logarithm; so an ulp is that of 1 and the loss.
        double[] sizes = Array.ConvertAll(expected[1], loss => scale + loss);
        double loss = RelativeElementary + (2 * Roundings.Sum(columns)) + RelativeElementary + 2;
        bench.Row("cross-entropy, losses").Add(actual[1], expected[1], sizes, bench.Allow(loss), bench.Precision, what);
        sizes = [.. expected[0].Select((p, i) => scale * (p + targets[i]))];
        bench.Row("cross-entropy, gradient").Add(actual[2], expected[2], sizes, bench.Allow(probability + 2), bench.Precision, what);
        return Array.ConvertAll(expected[0], bench.Round);
    }

    private static void Hessian(CheckBench bench, string what, double[] probabilities, int columns, double scale)
    {
        const int Directions = 3;
        double[] block = bench.Normal($"block {what}", Directions * probabilities.Length);
        double[][] operands = [probabilities, block, new double[block.Length]];
        void Run(Devices.Device device, Devices.DeviceSpan[] spans) =>
            device.CrossEntropyHessian(spans[0], spans[1], columns, scale, spans[2]);
        double[] sizes = new double[block.Length];
        for (int row = 0; row < block.Length / columns; row++)
        {
            int origin = row * columns % probabilities.Length;
            double mean = Enumerable.Range(0, columns).Sum(c => probabilities[origin + c] * Math.Abs(block[(row * columns) + c]));
            for (int c = 0; c < columns; c++)
            {
                sizes[(row * columns) + c] = scale * probabilities[origin + c] * (Math.Abs(block[(row * columns) + c]) + mean);
            }
        }

        // The mean, the difference, and two products.
        double bound = Roundings.Sum(columns) + 3;
        bench.Row("cross-entropy, Hessian").Add(
            bench.Run("cross-entropy, Hessian", operands, Run, 2)[0], bench.Refer(operands, Run, 2)[0],
            sizes, bench.Allow(bound), bench.Precision, what);
    }
}
