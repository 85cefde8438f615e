using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The steps of adaptive optimizers, what variants of SAM make of gradients, and the divergence between two networks' outputs.</summary>
internal static class OptimizerChecks
{
    // A root with its argument's three products and sum, of which it halves the relative error; its scale, the sum with ε, and a quotient.
    private const double Divisor = 2 + (2 * Roundings.SquareRoot) + 2;

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        int length = bench.IsThorough ? 100_003 : 1003;
        string what = FormattableString.Invariant($"length {length}");
        double[] w = bench.Normal("parameters of optimizers", length);
        double[] g = bench.Normal("gradient of optimizers", length);
        Adaptive(bench, what, w, g);
        Gradients(bench, what, w, g);
        foreach (var (examples, columns) in ((int, int)[])[(3, 1), (20, 10), (7, 40), .. bench.IsThorough ? ((int, int)[])[(300, 100)] : []])
        {
            Distillation(bench, examples, columns);
        }
    }

    private static void Adaptive(CheckBench bench, string what, double[] w, double[] g)
    {
        double[] m = bench.Normal("first moment", w.Length);
        double[] v = Array.ConvertAll(bench.Normal("second moment", w.Length), Math.Abs);
        double stepSize = bench.Round(0.01);
        double beta = bench.Round(0.9);
        double scale = bench.Round(1.1);
        double epsilon = bench.Round(1e-3);

        // The share 1 − β is rounded, then its product; of the second moment two. The step is the quotient times η, then the sum.
        double first = 2 + Roundings.One;
        double second = 3 + Roundings.One;
        double step = first + Divisor + (2 * Roundings.Quotient) + Roundings.One;
        Moments(
            bench, "Adam step", what, [w, m, v, g], [step, first, second],
            (device, spans, size) => device.AdamStep(spans[0], spans[1], spans[2], spans[3], beta, beta, size, scale, epsilon), stepSize);
        Moments(
            bench, "RMSProp step", what, [w, v, g], [step, second],
            (device, spans, size) => device.RmsPropStep(spans[0], spans[1], spans[2], beta, size, scale, epsilon), stepSize);
        bench.Check(
            "adaptive preconditioner", what, Divisor, false, [v, g, new double[w.Length]], 2,
            (device, spans) => device.AdaptivePreconditioner(spans[0], spans[1], beta, scale, epsilon, spans[2]));
    }

    // Each operand but the last is an output. With −η on the operands' magnitudes all terms add up.
    private static void Moments(
        CheckBench bench, string name, string what, double[][] operands, double[] bounds, Action<Device, DeviceSpan[], double> run, double stepSize)
    {
        int[] outputs = [.. Enumerable.Range(0, bounds.Length)];
        double[][] actual = bench.Run(name, operands, (device, spans) => run(device, spans, stepSize), outputs);
        double[][] expected = bench.Refer(operands, (device, spans) => run(device, spans, stepSize), outputs);
        double[][] sizes = bench.Refer(
            [.. operands.Select(numbers => Array.ConvertAll(numbers, Math.Abs))], (device, spans) => run(device, spans, -stepSize), outputs);
        for (int i = 0; i < bounds.Length; i++)
        {
            string part = i == 0 ? "parameters" : bounds.Length == 3 && i == 1 ? "first moment" : "second moment";
            bench.Row($"{name}, {part}").Add(actual[i], expected[i], sizes[i], bench.Allow(bounds[i]), bench.Precision, what);
        }
    }

    private static void Gradients(CheckBench bench, string what, double[] w, double[] g)
    {
        double[] p = bench.Normal("gradient uphill", w.Length);
        double[] m = bench.Normal("gradient downhill", w.Length);
        double[] result = new double[w.Length];
        double factor = bench.Round(0.1);
        bench.Check(
            "exponential average", what, 1 + Roundings.One, true, [w, Array.ConvertAll(g, number => -number)], 0,
            (device, spans) => device.ExponentialAverage(spans[0], spans[1], factor));
        double[] mask = [.. Enumerable.Range(0, w.Length).Select(i => i % 3 == 0 ? 0.0 : 1)];
        bench.Check(
            "scale of ASAM", what, 1 + Roundings.One, false, [w, mask, g, result], 3,
            (device, spans) => device.AdaptiveScale(spans[0], spans[1], spans[2], factor, spans[3]));
        double[] dot = [bench.Round(0.3)];
        double[] sizes = [.. g.Select((number, i) => Math.Abs(p[i]) + (factor * (Math.Abs(number) + (1.5 * Math.Abs(p[i])))))];
        foreach (double norm in (double[])[bench.Round(0.7), 0])
        {
            // Two quotients, and the roundings of the part that is orthogonal and of the sum.
            double[][] operands = [g, p, dot, [norm], result];
            void Run(Device device, DeviceSpan[] spans) => device.SurrogateGap(spans[0], spans[1], spans[2], spans[3], factor, spans[4]);
            bench.Row("gradient of GSAM").Add(
                bench.Run("gradient of GSAM", operands, Run, 4)[0], bench.Refer(operands, Run, 4)[0], sizes,
                bench.Allow((4 * Roundings.Quotient) + 2), bench.Precision, what);
        }

        sizes = [.. g.Select((number, i) => (2 * Math.Abs(p[i])) + Math.Abs(m[i]) + Math.Abs(number))];
        double[][] three = [g, p, m, result];
        void Curved(Device device, DeviceSpan[] spans) => device.CurvatureRegularization(spans[0], spans[1], spans[2], factor, factor, spans[3]);
        bench.Row("gradient of CR-SAM").Add(
            bench.Run("gradient of CR-SAM", three, Curved, 3)[0], bench.Refer(three, Curved, 3)[0], sizes, bench.Allow(3), bench.Precision, what);

        // The second differences of these losses are exact, so that T is; then quotients and sums. Without curvature, or a gradient, terms are left out.
        foreach (var (uphillLoss, norm) in ((double, double)[])[(1.5, 0.5), (0.25, 0.5), (1.5, 0)])
        {
            double[][] operands = [g, p, m, [0.75], [uphillLoss], [0.5], [norm], result];
            void Run(Device device, DeviceSpan[] spans) => device.LogarithmicCurvature(
                spans[0], spans[1], spans[2], (spans[3], spans[4], spans[5]), spans[6], factor, factor, 0, spans[7]);
            const string name = "gradient of CR-SAM with logarithms";
            bench.Row(name).Add(
                bench.Run(name, operands, Run, 7)[0], bench.Refer(operands, Run, 7)[0],
                [.. g.Select((number, i) => 4 * (Math.Abs(p[i]) + Math.Abs(m[i]) + Math.Abs(number)))],
                bench.Allow((3 * Roundings.Quotient) + 3), bench.Precision, what);
        }
    }

    private static void Distillation(CheckBench bench, int examples, int columns)
    {
        // Multiples of 1/64 over a temperature of 2: the arguments of the exponentials are exact.
        string what = FormattableString.Invariant($"{examples}×{columns}");
        double[] Outputs(string name) => Array.ConvertAll(bench.Normal($"{name} {what}", examples * columns, 3), number => Math.Round(number * 64) / 64);
        double[] outputs = Outputs("student");
        double[] reference = Outputs("teacher");
        reference[^1] = double.NaN;
        double[] losses = bench.Normal($"losses {what}", examples);
        double[] gradient = bench.Normal($"gradient {what}", outputs.Length);
        double scale = bench.Round(0.7);
        double[][] operands = [outputs, reference, losses, gradient];
        void Run(Device device, DeviceSpan[] spans) => device.DistillationTerm(spans[0], spans[1], columns, 2, scale, scale, spans[2], spans[3]);
        double[][] actual = bench.Run("divergence", operands, Run, 2, 3);
        double[][] expected = bench.Refer(operands, Run, 2, 3);

        // Terms of the divergence are at most the spread of the outputs in size, and so are the logarithms' arguments; p and q are at most 1.
        double spread = 1 + ((outputs.Concat(reference.Where(double.IsFinite)).Max() - outputs.Concat(reference.Where(double.IsFinite)).Min()) / 2);
        double probability = (4 * Roundings.Elementary) + Roundings.Sum(columns) + (2 * Roundings.Quotient);
        bench.Row("divergence, losses").Add(
            actual[0], expected[0], [.. losses.Select(loss => Math.Abs(loss) + (scale * spread))],
            bench.Allow((2 * probability) + (3 * Roundings.Sum(columns))), bench.Precision, what);
        bench.Row("divergence, gradient").Add(
            actual[1], expected[1], [.. gradient.Select(slope => Math.Abs(slope) + (2 * scale))], bench.Allow(probability + 2), bench.Precision, what);
    }
}
