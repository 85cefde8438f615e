using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The softmax of causal attention, the tangent of its gradient, and classes as rows of zeros and a one.</summary>
/// <remarks>
/// Scores are multiples of 1/64 and their scale is ½, so that the differences in the exponents are exact, and bounds need not know how large
/// they are.
/// </remarks>
internal static class AttentionChecks
{
    private const int Directions = 2;
    private const double Scale = 0.5;

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        foreach (var (heads, sequences, length) in ((int, int, int)[])
            [(1, 1, 1), (2, 3, 5), (1, 2, 33), .. bench.IsThorough ? ((int, int, int)[])[(4, 3, 64), (1, 2, 300)] : []])
        {
            string what = FormattableString.Invariant($"{heads}×{sequences}×{length}");
            double[] scores = Array.ConvertAll(
                bench.Normal($"scores {what}", heads * sequences * length * length, 6), number => Math.Round(number * 64) / 64);
            TangentBackward(bench, what, Softmax(bench, what, scores, sequences, length), length);
        }

        foreach (var (rows, columns) in ((int, int)[])[(3, 1), (20, 10), (7, 33), .. bench.IsThorough ? ((int, int)[])[(200, 300)] : []])
        {
            // The last class has no column.
            string what = FormattableString.Invariant($"{rows}×{columns}");
            var random = bench.Random($"classes {what}");
            double[] classes = [.. Enumerable.Range(0, rows).Select(_ => (double)random.NextBelow(columns + 1))];
            bench.Check(
                "classes as rows", what, 0, false, [classes, bench.Normal($"rows {what}", rows * columns)], 1,
                (device, spans) => device.OneHot(spans[0], columns, spans[1]));
        }
    }

    private static double[] Softmax(CheckBench bench, string what, double[] scores, int sequences, int length)
    {
        // A quarter is padding; in the last sequence also the beginning, which then sees nothing.
        var random = bench.Random($"tokens {what}");
        double[] tokens = [.. Enumerable.Range(0, sequences * length).Select(_ => (double)random.NextBelow(4))];
        tokens[(sequences - 1) * length] = sequences > 1 ? 0 : 1;
        double[][] operands = [scores, tokens];
        void Run(Device device, DeviceSpan[] spans) => device.CausalSoftmax(spans[0], spans[1], length, Scale);
        double[] expected = bench.Refer(operands, Run, 0)[0];

        // An exponential, within 4 ulp or 8 u, alone and in the sum of all; the sum, of which an ulp is 2 u at most; 1 over it; and the product.
        double bound = (4 * Roundings.Elementary) + (2 * Roundings.Sum(length)) + (2 * Roundings.Quotient) + Roundings.One;
        bench.Row("causal softmax").Add(
            bench.Run("causal softmax", operands, Run, 0)[0], expected, null, bench.Allow(bound), bench.Precision, what);
        return Array.ConvertAll(expected, bench.Round);
    }

    private static void TangentBackward(CheckBench bench, string what, double[] p, int columns)
    {
        double[] gradient = bench.Normal($"gradient {what}", p.Length);
        double[] tangents = bench.Normal($"tangents {what}", Directions * p.Length);
        double[] gradientTangents = bench.Normal($"gradient tangents {what}", tangents.Length);
        double[][] operands = [p, tangents, gradient, gradientTangents];
        void Run(Device device, DeviceSpan[] spans) =>
            device.SoftmaxTangentBackward(spans[0], spans[1], spans[2], spans[3], columns, Scale, spans[3]);
        double[] sizes = new double[tangents.Length];
        for (int start = 0; start < sizes.Length; start += columns)
        {
            // Where direction k has a number, and where all directions have theirs.
            var places = Enumerable.Range(start, columns).Select(at => (At: at, Origin: at % p.Length));
            double G(int origin) => Math.Abs(gradient[origin]);
            double mean = places.Sum(place => p[place.Origin] * G(place.Origin));
            double meanTangent = places.Sum(
                place => (Math.Abs(tangents[place.At]) * G(place.Origin)) + (p[place.Origin] * Math.Abs(gradientTangents[place.At])));
            foreach (var (at, origin) in places)
            {
                double bent = Math.Abs(tangents[at]) * (G(origin) + mean);
                sizes[at] = Scale * (bent + (p[origin] * (Math.Abs(gradientTangents[at]) + meanTangent)));
            }
        }

        // The products and their sum in the mean's tangent, and the mean; then the difference, the product, the sum of both. The scale is exact.
        double bound = 2 + (2 * Roundings.Sum(columns)) + 2 + Roundings.One;
        bench.Row("softmax, curvature").Add(
            bench.Run("softmax, curvature", operands, Run, 3)[0], bench.Refer(operands, Run, 3)[0], sizes, bench.Allow(bound), bench.Precision, what);
    }
}
