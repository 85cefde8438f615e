using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The passes of layer norm on N rows of C numbers and K directions.</summary>
/// <remarks>
/// An ulp is that of the sum of the sizes of a number's terms, made here from the formulas of <see cref="Kernels.LayerNorm{B, V}"/> and its
/// siblings. Bounds count in u, the unit roundoff, which is an ulp at most; a sum's error is in ulp, so twice as many u. All passes but the
/// first get the same rounded moments on both devices.
/// </remarks>
internal sealed class LayerNormChecks
{
    private const int Directions = 2;

    private readonly CheckBench bench;
    private readonly string what;
    private readonly int columns;
    private readonly int stride;
    private readonly int length;
    private readonly double sum;
    private readonly double[] x;
    private readonly double[] parameters;
    private readonly double[] parameterTangents;
    private readonly double[] inputTangent;
    private readonly double[] gradient;
    private readonly double[] gradientTangents;

    private LayerNormChecks(CheckBench bench, int rows, int columns)
    {
        this.bench = bench;
        this.columns = columns;
        what = FormattableString.Invariant($"{rows}×{columns}");
        length = rows * columns;

        // The parameters of the second direction begin a little behind those of the first.
        stride = (2 * columns) + 3;
        sum = 2 * Roundings.Sum(columns);
        x = Array.ConvertAll(bench.Normal($"x {what}", length), number => bench.Round(number + 1));
        parameters = bench.Normal($"parameters {what}", 2 * columns);
        parameterTangents = bench.Normal($"parameter tangents {what}", Directions * stride);
        inputTangent = bench.Normal($"input tangent {what}", Directions * length);
        gradient = bench.Normal($"gradient {what}", length);
        gradientTangents = bench.Normal($"gradient tangents {what}", Directions * length);
    }

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        // One number, which is its own mean; around lanes; and more rows than a team sums up for the parameters.
        foreach (var (rows, columns) in ((int, int)[])
            [(3, 1), (2, 8), (70, 5), (4, 33), .. bench.IsThorough ? ((int, int)[])[(300, 64), (20, 768)] : []])
        {
            var check = new LayerNormChecks(bench, rows, columns);
            double[] moments = check.Forward();
            double[] normal = [.. check.x.Select((number, i) => Math.Abs(number - moments[2 * (i / columns)]) * moments[(2 * (i / columns)) + 1])];
            check.Backward(moments, normal);
            double[] tangentMoments = check.Tangent(moments, normal);
            check.TangentBackward(moments, normal, tangentMoments);
            check.Parameters(moments, normal, tangentMoments);
        }
    }

    private double[] Forward()
    {
        double epsilon = bench.Round(1e-5);
        double[][] operands = [x, parameters, new double[length], new double[2 * (length / columns)]];
        void Run(Device device, DeviceSpan[] spans) => LayerNormOperations.Forward(device, spans[0], spans[1], spans[2], spans[3], columns, epsilon);
        double[][] actual = bench.Run("layer norm", operands, Run, 2, 3);
        double[][] expected = bench.Refer(operands, Run, 2, 3);
        double[] moments = Array.ConvertAll(expected[1], bench.Round);
        double[] means = Means(Sizes(x));

        // A mean is a sum and a quotient. The variance has that of squares, whose differences are rounded, and ε, rounded with it; its error
        // is halved by the root, which, as the quotient after it, has one of its own. What the mean is off by cancels in it to first order.
        double mean = sum + (2 * Roundings.Quotient);
        double inverse = ((2 + sum + (2 * Roundings.Quotient) + 1) / 2) + (2 * Roundings.SquareRoot) + (2 * Roundings.Quotient);
        Add("means", Part(actual[1], 0), Part(expected[1], 0), means, mean);
        Add("inverse deviations", Part(actual[1], 1), Part(expected[1], 1), null, inverse);

        // The mean, the difference, times the inverse deviation, times γ plus β.
        double[] sizes = Each(length, i => (Gamma(i) * (Math.Abs(x[i]) + means[i / columns]) * moments[(2 * (i / columns)) + 1]) + Beta(i));
        Add("values", actual[0], expected[0], sizes, mean + 1 + inverse + 1 + Roundings.One);
        return moments;
    }

    private void Backward(double[] moments, double[] normal)
    {
        double[][] operands = [x, moments, parameters, gradientTangents, new double[Directions * length]];
        void Run(Device device, DeviceSpan[] spans) =>
            LayerNormOperations.Backward(device, spans[0], spans[1], spans[2], spans[3], spans[4], columns);
        double[] u = Each(Directions * length, i => Gamma(i) * Math.Abs(gradientTangents[i]));
        double[] sizes = Each(u.Length, Projection(u, normal, moments));

        // In x̂ w: x̂ has 2 roundings; so has u x̂ 3, its mean those of the sum, the share and their product; and the product. Two differences.
        double along = 3 + sum + (2 * Roundings.Quotient) + 1;
        Add("gradient", bench.Run("layer norm, gradient", operands, Run, 4)[0], bench.Refer(operands, Run, 4)[0], sizes, 2 + along + 1 + 2 + Roundings.One);
    }

    private double[] Tangent(double[] moments, double[] normal)
    {
        double[] output = new double[Directions * length];
        double[][] operands = [x, moments, parameters, parameterTangents, inputTangent, output, new double[2 * (output.Length / columns)]];
        double[] fromParameters = Each(output.Length, i => (GammaTangent(i) * normal[i % length]) + Math.Abs(parameterTangents[Parameter(i) + columns]));
        double[] tangent = Sizes(inputTangent);
        var projection = Projection(tangent, normal, moments);
        double[] sizes = Each(output.Length, i => fromParameters[i] + (Gamma(i) * projection(i)));

        // As the gradient, with one rounding less in the mean and two more sums, of which R{γ} x̂ has 2 and one of its own.
        double mean = sum + (2 * Roundings.Quotient) + 1;
        Add("tangent of parameters", Run(false).Actual[0], Run(false).Expected[0], fromParameters, 2 + Roundings.One);
        var (actual, expected) = Run(true);
        Add("tangent", actual[0], expected[0], sizes, 2 + 2 + mean + 1 + 2 + 1 + Roundings.One);
        Add("tangents of means", Part(actual[1], 0), Part(expected[1], 0), Means(tangent), mean);
        Add(
            "tangents of deviations", Part(actual[1], 1), Part(expected[1], 1), Means(Each(tangent.Length, i => tangent[i] * normal[i % length])),
            2 + mean);
        return Array.ConvertAll(expected[1], bench.Round);

        (double[][] Actual, double[][] Expected) Run(bool hasInput)
        {
            void Pass(Device device, DeviceSpan[] spans) => LayerNormOperations.TangentForward(
                device, spans[0], spans[1], spans[2], spans[3], stride, hasInput ? spans[4] : default, spans[5], spans[6], columns, Directions);
            return (bench.Run("layer norm, tangent", operands, Pass, 5, 6), bench.Refer(operands, Pass, 5, 6));
        }
    }

    private void TangentBackward(double[] moments, double[] normal, double[] tangentMoments)
    {
        double[][] operands =
            [x, moments, parameters, parameterTangents, inputTangent, tangentMoments, gradient, gradientTangents, new double[Directions * length]];
        void Run(Device device, DeviceSpan[] spans) => LayerNormOperations.TangentBackward(
            device, spans[0], spans[1], spans[2], spans[3], stride, spans[4], spans[5], spans[6], spans[7], spans[8], columns);
        int numbers = Directions * length;
        double[] u = Each(numbers, i => Gamma(i) * Math.Abs(gradient[i % length]));
        double[] uTangent = Each(numbers, i => (GammaTangent(i) * Math.Abs(gradient[i % length])) + (Gamma(i) * Math.Abs(gradientTangents[i])));
        double[] normalTangent = NormalTangent(moments, normal, tangentMoments);
        double[] along = Means(Each(numbers, i => u[i] * normal[i % length]));
        double[] alongTangent = Means(Each(numbers, i => u[i] * normalTangent[i]));
        var (projection, projectionTangent) = (Projection(u, normal, moments), Projection(uTangent, normal, moments));
        double[] sizes = Each(numbers, i =>
        {
            double inverse = moments[(2 * (i % length / columns)) + 1];
            double bent = inverse * Math.Abs(tangentMoments[(2 * (i / columns)) + 1]) * projection(i);
            return bent + projectionTangent(i) + (inverse * ((normalTangent[i] * along[i / columns]) + (normal[i % length] * alongTangent[i / columns])));
        });

        // Most are in x̂ R{w}. R{x̂} has 5: x̂ has 2, its product, two differences, the product. So u R{x̂} has 7, and 8 with the term beside
        // it; then the mean, its product with x̂, two differences, the product with s and the sum.
        double bound = 8 + sum + (2 * Roundings.Quotient) + 1 + 2 + 1 + 2 + 1 + Roundings.One;
        Add("curvature", bench.Run("layer norm, curvature", operands, Run, 8)[0], bench.Refer(operands, Run, 8)[0], sizes, bound);
    }

    private void Parameters(double[] moments, double[] normal, double[] tangentMoments)
    {
        int rows = length / columns;
        double[] result = bench.Normal($"sums {what}", Directions * stride);
        double[] partials = new double[LayerNormOperations.SumsLength(rows, columns, Directions)];
        double[][] operands = [x, moments, gradientTangents, gradient, inputTangent, tangentMoments, partials, result];
        double[] normalTangent = NormalTangent(moments, normal, tangentMoments);

        // The terms of all rows and what is there; in those of γ x̂ has 2 roundings and R{x̂} 5, and its row another term.
        Check("gradients of parameters", false, Roundings.Sum(rows + 1) + 2);
        Check("curvatures of parameters", true, Roundings.Sum((2 * rows) + 1) + 5);

        void Check(string name, bool hasTangent, double bound)
        {
            void Run(Device device, DeviceSpan[] spans) => LayerNormOperations.AddParameterGradients(
                device, spans[0], spans[1], spans[2], hasTangent ? spans[3] : default, hasTangent ? spans[4] : default,
                hasTangent ? spans[5] : default, spans[6], spans[7], stride, columns, Directions);
            double[] sizes = Sizes(result);
            for (int i = 0; i < Directions * length; i++)
            {
                double bent = hasTangent ? Math.Abs(gradient[i % length]) * normalTangent[i] : 0;
                sizes[Parameter(i)] += (Math.Abs(gradientTangents[i]) * normal[i % length]) + bent;
                sizes[Parameter(i) + columns] += Math.Abs(gradientTangents[i]);
            }

            Add(name, bench.Run($"layer norm, {name}", operands, Run, 7)[0], bench.Refer(operands, Run, 7)[0], sizes, bound);
        }
    }

    private void Add(string name, double[] actual, double[] expected, double[]? sizes, double bound) =>
        bench.Row($"layer norm, {name}").Add(actual, expected, sizes, bench.Allow(bound), bench.Precision, what);

    // The size of s (u − mean u − x̂ mean(u ∘ x̂)).
    private Func<int, double> Projection(double[] u, double[] normal, double[] moments)
    {
        double[] means = Means(u);
        double[] along = Means(Each(u.Length, i => u[i] * normal[i % length]));
        return i => moments[(2 * (i % length / columns)) + 1] * (u[i] + means[i / columns] + (normal[i % length] * along[i / columns]));
    }

    // That of R{x̂} = s (R{x} − mean R{x} − x̂ mean(x̂ ∘ R{x})), from the moments' tangents.
    private double[] NormalTangent(double[] moments, double[] normal, double[] tangentMoments) => Each(Directions * length, i =>
    {
        int moment = 2 * (i / columns);
        return moments[(2 * (i % length / columns)) + 1]
            * (Math.Abs(inputTangent[i]) + Math.Abs(tangentMoments[moment]) + (normal[i % length] * Math.Abs(tangentMoments[moment + 1])));
    });

    // Of number i of a block: where R{γ} is, and the sizes of γ, β and R{γ}.
    private int Parameter(int i) => (i / length * stride) + (i % columns);

    private double Gamma(int i) => Math.Abs(parameters[i % columns]);

    private double Beta(int i) => Math.Abs(parameters[(i % columns) + columns]);

    private double GammaTangent(int i) => Math.Abs(parameterTangents[Parameter(i)]);

    private double[] Means(double[] numbers) => [.. numbers.Chunk(columns).Select(row => row.Average())];

    private static double[] Part(double[] moments, int part) => [.. moments.Where((_, i) => i % 2 == part)];

    private static double[] Sizes(double[] numbers) => Array.ConvertAll(numbers, Math.Abs);

    private static double[] Each(int count, Func<int, double> number) => [.. Enumerable.Range(0, count).Select(number)];
}
