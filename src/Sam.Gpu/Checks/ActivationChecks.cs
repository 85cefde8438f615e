using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>The three passes of every activation function.</summary>
/// <remarks>
/// The value is measured in ulp of itself, but where 1 + tanh cancels in ulp of |z|. The derivatives are sums of terms that cancel, so an
/// ulp is that of what they multiply: |u| for φ′ u, |v| + |g r| for φ′ v + φ″ g r.
/// </remarks>
internal static class ActivationChecks
{
    private const int Directions = 3;

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        // Bounds of φ, φ′ and of the pass with φ″. Slopes of 0 and 1 leave products exact. A function within 4 ulp has a relative error of
        // up to 8 u; where it is multiplied by a rounded number, 9 ulp. The derivatives of those that are products of z and a function
        // carry that function's 4 ulp, times the factor that is named.
        Check<Relu>(bench, "relu", 0, 0, Roundings.One);
        Check<HardTanh>(bench, "hardtanh", 0, 0, Roundings.One);
        Check<Tanh>(bench, "tanh", Roundings.Elementary, 2, 4);
        Check<Sigmoid>(bench, "sigmoid", Roundings.Elementary, 2, 4);
        Check<Softplus>(bench, "softplus", Roundings.Elementary, 5, 6);
        Check<Elu>(bench, "elu", Roundings.Elementary, 2, 3);

        // σ is off by 2 ulp of 1, times 1 + |z| (1 − 2σ) ≤ 7 at |z| ≤ 6; beyond, the products are as rounded.
        Check<Swish>(bench, "swish", 9, 16, 20);

        // |z| φ ≤ 0.25 and z² φ ≤ 0.3: the factors stay below 1.
        Check<Gelu>(bench, "gelu", 9, 8, 10);

        // 1 − tanh² is off by 4 ulp of 1, times ½ z u′ ≤ 8 at |z| ≤ 6 where tanh is not 1 yet, and times
        // u′ + z u′² ≤ 30 for the second derivative.
        Check<GeluTanh>(bench, "gelu-tanh", 8, 40, 130, isValueOfSizeZ: true);
    }

    private static void Check<A>(CheckBench bench, string name, double value, double slope, double tangent, bool isValueOfSizeZ = false)
        where A : struct, IActivation
    {
        // The middle; kinks, zeros and the tails, where everything is a limit.
        double[] middle = Array.ConvertAll(bench.Normal($"z {name}", bench.IsThorough ? 20_000 : 500, 2), z => Math.Clamp(z, -10, 10));
        double[] z = [.. middle, 0, -0.0, 1, -1, 0.5, -0.5, 20, -20, 80, -80];
        double[] sizes = Array.ConvertAll(z, Math.Abs);
        double[] a = Array.ConvertAll(bench.Refer([z, z], Forward, 1)[0], bench.Round);
        double[] actual = bench.Run($"{name}, value", [z, z], Forward, 1)[0];
        void Forward(Device device, DeviceSpan[] spans) => ActivationOperations<A>.Forward(device, spans[0], spans[1]);
        Add($"{name}, value", actual, bench.Refer([z, z], Forward, 1)[0], isValueOfSizeZ ? sizes : null, value);

        // What comes later gets the same rounded φ(z) on both devices.
        double[] block = bench.Normal($"block {name}", Directions * z.Length);
        double[][] operands = [z, a, block, new double[block.Length]];
        void Slope(Device device, DeviceSpan[] spans) =>
            ActivationOperations<A>.Slope(device, spans[0], spans[1], spans[2], spans[3], Directions);
        actual = bench.Run($"{name}, slope", operands, Slope, 3)[0];
        Add($"{name}, slope", actual, bench.Refer(operands, Slope, 3)[0], Array.ConvertAll(block, Math.Abs), slope);

        double[] gradient = bench.Normal($"gradient {name}", z.Length);
        double[] second = bench.Normal($"second {name}", block.Length);
        operands = [z, a, gradient, block, second, new double[block.Length]];
        void Tangent(Device device, DeviceSpan[] spans) =>
            ActivationOperations<A>.TangentBackward(device, spans[0], spans[1], spans[2], spans[3], spans[4], spans[5], Directions);
        sizes = [.. second.Select((v, i) => Math.Abs(v) + Math.Abs(gradient[i % z.Length] * block[i]))];
        actual = bench.Run($"{name}, curvature", operands, Tangent, 5)[0];
        Add($"{name}, curvature", actual, bench.Refer(operands, Tangent, 5)[0], sizes, tangent);

        void Add(string row, double[] found, double[] expected, double[]? unit, double bound)
        {
            string Place(int i) => FormattableString.Invariant($"at z = {z[i % z.Length]:R}: {found[i]:R}, not {expected[i]:R}");
            var tally = bench.Row(row);
            for (int i = 0; i < found.Length; i++)
            {
                double size = unit is null ? expected[i] : unit[i];
                tally.Add(Ulp.Distance(found[i], expected[i], size, bench.Precision), bench.Allow(bound), Place, i);
            }
        }
    }
}
