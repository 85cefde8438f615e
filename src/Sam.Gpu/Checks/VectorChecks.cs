using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The operations on whole vectors, element by element: also those of optimizers and the bias.</summary>
internal static class VectorChecks
{
    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        int length = bench.IsThorough ? 100_003 : 1003;
        double factor = bench.Round(-0.3);
        double[] x = bench.Normal("x", length);
        double[] y = bench.Normal("y", length);
        double[] result = new double[length];
        string what = FormattableString.Invariant($"length {length}");

        bench.Check("fill", what, 0, false, [result], 0, (device, spans) => device.Fill(spans[0], factor));
        bench.Check("scale", what, Roundings.One, false, [x, result], 1, (device, spans) => device.Scale(spans[0], factor, spans[1]));
        bench.Check(
            "add scaled", what, Roundings.One, false, [x, y, result], 2,
            (device, spans) => device.AddScaled(factor, spans[0], spans[1], spans[2]));
        bench.Check(
            "multiply", what, Roundings.One, false, [x, y, result], 2, (device, spans) => device.Multiply(spans[0], spans[1], spans[2]));

        // The error of the root is relative to the quotient.
        double[] positive = [.. x.Select(number => bench.Round(Math.Abs(number) + 0.01))];
        bench.Check(
            "inverse square root", what, (2 * Roundings.SquareRoot) + Roundings.Quotient, false, [positive, result], 1,
            (device, spans) => device.InverseSquareRoot(spans[0], spans[1]));
        Optimizers(bench, x, y);
        Bias(bench);
    }

    private static void Optimizers(CheckBench bench, double[] parameters, double[] gradient)
    {
        double rho = bench.Round(0.05);
        double epsilon = bench.Round(1e-3);
        string what = FormattableString.Invariant($"length {parameters.Length}");
        double[] result = new double[parameters.Length];
        foreach (double norm in (double[])[bench.Round(0.7), 0])
        {
            // The norm with ε is rounded, then the quotient (2 u an ulp at most), then the sum.
            bench.Check(
                "ascent step", FormattableString.Invariant($"{what}, norm {norm}"), 1 + (2 * Roundings.Quotient) + Roundings.One, true,
                [parameters, gradient, [norm], result], 3,
                (device, spans) => device.AscentStep(spans[0], spans[1], spans[2], rho, epsilon, spans[3]));
        }

        double stepSize = bench.Round(0.1);
        double momentum = bench.Round(0.9);
        double share = bench.Round(0.8);
        double[] velocity = bench.Normal("velocity", parameters.Length);
        double[][] operands = [parameters, velocity, gradient];
        void Step(Devices.Device device, Devices.DeviceSpan[] spans, double size) =>
            device.MomentumStep(spans[0], spans[1], spans[2], size, momentum, share, momentum);

        // The velocity is rounded once; the parameters after it, the product with the gradient's share and the direction. With −η on the
        // operands' magnitudes all terms of the parameters add up.
        double[][] actual = bench.Run("momentum step", operands, (device, spans) => Step(device, spans, stepSize), 1, 0);
        double[][] expected = bench.Refer(operands, (device, spans) => Step(device, spans, stepSize), 1, 0);
        double[][] sizes = bench.Refer(
            [.. operands.Select(numbers => Array.ConvertAll(numbers, Math.Abs))], (device, spans) => Step(device, spans, -stepSize), 0);
        bench.Row("momentum step, velocity").Add(actual[0], expected[0], null, bench.Allow(Roundings.One), bench.Precision, what);
        bench.Row("momentum step, parameters").Add(actual[1], expected[1], sizes[0], bench.Allow(3 + Roundings.One), bench.Precision, what);
    }

    private static void Bias(CheckBench bench)
    {
        foreach (var (directions, examples, columns) in ((int, int, int)[])[(1, 1, 1), (2, 5, 3), (3, 65, 33), (1, 300, 7)])
        {
            string what = FormattableString.Invariant($"{directions}×{examples}×{columns}");
            double[] y = bench.Normal($"y {what}", directions * examples * columns);
            double[] bias = bench.Normal($"bias {what}", directions * columns);
            bench.Check(
                "add bias", what, Roundings.One, false, [y, bias], 0,
                (device, spans) => device.AddBias(spans[0], spans[1], columns, directions, columns));

            // The sums are added to what is there: a term more.
            bench.Check(
                "column sums", what, Roundings.Sum(examples + 1), true, [y, bias], 1,
                (device, spans) => device.AddColumnSums(spans[0], columns, spans[1], directions, columns));
        }
    }
}
