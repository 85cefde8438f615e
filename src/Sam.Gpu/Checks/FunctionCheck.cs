using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>A function of lanes on the device beside its reference.</summary>
/// <remarks>
/// <para>
/// Numbers where an argument or the result is subnormal have a row of their own, for devices without subnormal numbers take them for zero.
/// OpenCL allows that in float. So a number that is out of bounds there is tolerated, and the row says so, if the device's result differs
/// by less than the smallest normal number from what is right for these arguments or for zeros in place of the subnormal ones.
/// </para>
/// <para>The sign of a zero counts where the exact result is a zero. Sign and payload of a NaN do not: no standard fixes them.</para>
/// </remarks>
/// <typeparam name="F">The function.</typeparam>
internal sealed class FunctionCheck<F>(string name, double bound)
    where F : struct, IFunction
{
    private const string Flushes = "takes subnormal numbers for zero, as OpenCL allows";

    /// <summary>What OpenCL allows beyond the bound, in ulp, and how to say that.</summary>
    public (double Bound, string Note)? Tolerance { get; init; }

    /// <summary>Whether a zero of either sign is right.</summary>
    public bool IgnoresSignOfZero { get; init; }

    /// <summary>Runs the function on the device and compares.</summary>
    /// <param name="bench">The bench.</param>
    /// <param name="arguments">x, y and z; the same may stand for several.</param>
    /// <param name="reference">The expected numbers for arguments.</param>
    public void Run(CheckBench bench, double[][] arguments, Func<double[][], double[]> reference)
    {
        int length = arguments[0].Length;
        double[] actual = bench.Run(name, [.. arguments, new double[length]], Apply, 3)[0];
        double[] expected = reference(arguments);
        double[] flushed = reference([.. arguments.Select(numbers => Array.ConvertAll(numbers, x => Flush(bench, x)))]);
        var normal = bench.Row(name);
        string Place(int i)
        {
            string at = string.Join(", ", arguments.Distinct().Select(numbers => FormattableString.Invariant($"{numbers[i]:R}")));
            return FormattableString.Invariant($"at {at}: {actual[i]:R}, not {expected[i]:R}");
        }

        for (int i = 0; i < length; i++)
        {
            double error = Error(bench, actual[i], expected[i]);
            if (!IsSubnormal(bench, expected[i]) && !arguments.Any(numbers => IsSubnormal(bench, numbers[i])))
            {
                normal.Add(error, bound, Place, i, Tolerance is { } tolerance && error <= tolerance.Bound ? tolerance.Note : null);
                continue;
            }

            bool mayFlush = bench.Precision == Devices.Precision.Float
                && (IsNear(bench, actual[i], expected[i]) || IsNear(bench, actual[i], flushed[i]));
            bench.Row($"{name}, subnormal").Add(error, bound, Place, i, mayFlush ? Flushes : null);
        }
    }

    /// <summary>The function on any device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operands">x, y, z and the result.</param>
    public static void Apply(Devices.Device device, Devices.DeviceSpan[] operands) =>
        FunctionOperations<F>.Apply(device, operands[0], operands[1], operands[2], operands[3]);

    private static double Flush(CheckBench bench, double x) => IsSubnormal(bench, x) ? Math.CopySign(0, x) : x;

    private static bool IsSubnormal(CheckBench bench, double x) => x != 0 && Math.Abs(x) < Ulp.SmallestNormal(bench.Precision);

    private bool IsNear(CheckBench bench, double actual, double expected) =>
        Math.Abs(actual - expected) < Ulp.SmallestNormal(bench.Precision)
        || Ulp.Distance(actual, expected, expected, bench.Precision) <= Math.Max(bound, Tolerance?.Bound ?? 0);

    private double Error(CheckBench bench, double actual, double expected) =>
        expected == 0 && actual == 0 && !IgnoresSignOfZero && double.IsNegative(actual) != double.IsNegative(expected)
            ? double.PositiveInfinity
            : Ulp.Distance(actual, expected, expected, bench.Precision);
}
