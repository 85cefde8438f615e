using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Functions;

namespace Sam.Gpu.Checks;

/// <summary>The operations of a lane against the arithmetic of .NET in double.</summary>
/// <remarks>
/// They are exact or rounded once, to nearest: in double the same bits as .NET's. OpenCL allows 2.5 ulp for a quotient of float and 3 for a
/// square root; where a device uses that, the row is tolerated and says so.
/// </remarks>
internal static class ArithmeticChecks
{
    private const string Allows = "not correctly rounded; OpenCL allows ";

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        bool isDouble = bench.Precision == Precision.Double;
        double rounded = isDouble ? 0 : Roundings.One;
        (double, string)? quotient = isDouble ? null : (Roundings.Quotient, Allows + "2.5 ulp");
        (double, string)? root = isDouble ? null : (Roundings.SquareRoot, Allows + "3 ulp");
        var (x, y, z) = new CheckArguments(bench).Triples();
        double[][] all = [x, y, z];
        double[][] one = [x, x, x];
        double[][] two = [x, y, y];
        Check<Sum>(bench, "a + b", rounded, two, (a, b, _) => a + b);
        Check<Difference>(bench, "a - b", rounded, two, (a, b, _) => a - b);
        Check<Product>(bench, "a · b", rounded, two, (a, b, _) => a * b);
        Check<Quotient>(bench, "a / b", rounded, two, (a, b, _) => a / b, quotient);
        Check<FusedMultiplyAdd>(bench, "a · b + c, fused", rounded, all, Math.FusedMultiplyAdd);
        Check<SquareRoot>(bench, "square root", rounded, one, (a, _, _) => Math.Sqrt(a), root);
        Check<NearestInteger>(bench, "nearest integer", 0, one, (a, _, _) => Math.Round(a));
        Check<SelectLess>(bench, "c where a < b", 0, all, (a, b, c) => a < b ? c : a);
        Check<SelectEqual>(bench, "c where a = b", 0, all, (a, b, c) => a == b ? c : a);

        // The extreme is NaN where b is; it is not specified where only a is, nor is the sign of the extreme of zeros.
        double[][] ordered = Where(two, (a, b, _) => !double.IsNaN(a) || double.IsNaN(b));
        Check<Smaller>(bench, "minimum", 0, ordered, (a, b, _) => a < b ? a : b, ignoresSignOfZero: true);
        Check<Larger>(bench, "maximum", 0, ordered, (a, b, _) => a > b ? a : b, ignoresSignOfZero: true);
        Check<Negative>(bench, "-a", 0, one, (a, _, _) => -a);
        Check<Magnitude>(bench, "|a|", 0, one, (a, _, _) => Math.Abs(a));
        Check<WithSign>(bench, "copy of the sign", 0, Where(two, (_, b, _) => !double.IsNaN(b)), (a, b, _) => Math.CopySign(a, b));

        int limit = isDouble ? 1022 : 126;
        double[] powers = [.. Enumerable.Range(-limit, (2 * limit) + 2).Select(n => (double)n)];
        Check<PowerOfTwo>(bench, "power of two", 0, [powers, powers, powers], (n, _, _) => Math.ScaleB(1, (int)n));

        double[][] normal = Where(one, (a, _, _) => a >= Ulp.SmallestNormal(bench.Precision) && double.IsFinite(a));
        Check<Exponent>(bench, "exponent", 0, normal, (a, _, _) => Math.ILogB(a));
        Check<Significand>(bench, "significand", 0, normal, (a, _, _) => Math.ScaleB(a, -Math.ILogB(a)));
        Check<UpperHalf>(bench, "upper half", 0, Where(one, (a, _, _) => !double.IsNaN(a)), (a, _, _) => isDouble
            ? BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(a) & ~0x7FFFFFFUL)
            : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)a) & ~0xFFFU));
    }

    private static void Check<F>(
        CheckBench bench, string name, double bound, double[][] arguments, Func<double, double, double, double> reference,
        (double, string)? tolerance = null, bool ignoresSignOfZero = false)
        where F : struct, IFunction =>
        new FunctionCheck<F>(name, bound) { Tolerance = tolerance, IgnoresSignOfZero = ignoresSignOfZero }.Run(
            bench, arguments, numbers => [.. numbers[0].Select((_, i) => reference(numbers[0][i], numbers[1][i], numbers[2][i]))]);

    private static double[][] Where(double[][] numbers, Func<double, double, double, bool> holds)
    {
        int[] places = [.. Enumerable.Range(0, numbers[0].Length).Where(i => holds(numbers[0][i], numbers[1][i], numbers[2][i]))];
        return [.. numbers.Select(row => Array.ConvertAll(places, i => row[i]))];
    }
}
