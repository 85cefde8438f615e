using System.Globalization;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Kernels.Tests.Lanes;

/// <summary>The worst error of an elementary function over many arguments.</summary>
internal sealed class AccuracySweep<F>
    where F : struct, IElementaryFunction
{
    private const int Block = 1024;
    private readonly double[] pending = new double[Block];
    private readonly bool isDouble;
    private int count;

    private AccuracySweep(bool isDouble) => this.isDouble = isDouble;

    /// <summary>The largest error in ulp.</summary>
    public double WorstError { get; private set; }

    /// <summary>The argument of the largest error.</summary>
    public double WorstArgument { get; private set; } = double.NaN;

    /// <summary>
    /// Every <paramref name="stride"/>-th bit pattern of binary32, 2 million numbers in [−110, 110], and all numbers around breakpoints.
    /// </summary>
    public static AccuracySweep<F> OfBinary32(int stride)
    {
        var sweep = new AccuracySweep<F>(false);
        for (long bits = 0; bits <= uint.MaxValue; bits += stride)
        {
            sweep.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        for (var n = -1_000_000; n <= 1_000_000; n++)
        {
            sweep.Add((float)(n * 1.1e-4));
        }

        foreach (var point in F.Breakpoints)
        {
            var bits = BitConverter.SingleToInt32Bits((float)point);
            for (var n = -2000; n <= 2000; n++)
            {
                sweep.Add(BitConverter.Int32BitsToSingle(bits + n));
            }
        }

        sweep.Flush();
        return sweep;
    }

    /// <summary>
    /// Random bit patterns of binary64, random logarithms of |x|, random numbers in [−800, 800] and in [−40, 40], <paramref name="each"/>
    /// of each, and numbers around breakpoints.
    /// </summary>
    public static AccuracySweep<F> OfBinary64(int each)
    {
        var sweep = new AccuracySweep<F>(true);
        var random = new Random(20);
        for (var n = 0; n < each; n++)
        {
            sweep.Add(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            sweep.Add(Math.CopySign(Math.Exp((random.NextDouble() * 52) - 45), random.NextDouble() - 0.5));
            sweep.Add((random.NextDouble() - 0.5) * 1600);
            sweep.Add((random.NextDouble() - 0.5) * 80);
            sweep.Add((random.NextDouble() - 0.5) * 4);
        }

        foreach (var point in F.Breakpoints)
        {
            var bits = BitConverter.DoubleToInt64Bits(point);
            for (var n = -1000; n <= 1000; n++)
            {
                sweep.Add(BitConverter.Int64BitsToDouble(bits + n));
                sweep.Add(point * (1 + (n * 1e-7)));
            }
        }

        sweep.Flush();
        return sweep;
    }

    public override string ToString() => string.Format(
        CultureInfo.InvariantCulture,
        "{0} {1}: {2:F3} ulp at {3:R}",
        typeof(F).Name.Replace("Function", string.Empty, StringComparison.Ordinal),
        isDouble ? "binary64" : "binary32",
        WorstError,
        WorstArgument);

    private void Add(double x)
    {
        if (!double.IsFinite(x) || !(x > F.Pole))
        {
            return;
        }

        pending[count++] = x;
        if (count == Block)
        {
            Flush();
        }
    }

    private void Flush()
    {
        if (isDouble)
        {
            FlushBinary64();
        }
        else
        {
            FlushBinary32();
        }

        count = 0;
    }

    private unsafe void FlushBinary32()
    {
        Span<float> values = stackalloc float[Block];
        for (var n = 0; n < count; n++)
        {
            values[n] = (float)pending[n];
        }

        fixed (float* x = values)
        {
            for (var n = 0; n < Block; n += Simd256<float>.Width)
            {
                Simd256<float>.Store(x + n, F.Evaluate(Simd256<float>.Load(x + n)));
            }
        }

        for (var n = 0; n < count; n++)
        {
            Record(ElementaryInBinary64.UlpsBetween(values[n], F.InBinary64(pending[n])), pending[n]);
        }
    }

    private unsafe void FlushBinary64()
    {
        Span<double> values = stackalloc double[Block];
        pending.CopyTo(values);
        fixed (double* x = values)
        {
            for (var n = 0; n < Block; n += Simd256<double>.Width)
            {
                Simd256<double>.Store(x + n, F.Evaluate(Simd256<double>.Load(x + n)));
            }
        }

        for (var n = 0; n < count; n++)
        {
            Record(F.Reference(pending[n]).UlpsFrom(values[n]), pending[n]);
        }
    }

    private void Record(double error, double x)
    {
        if (!(error <= WorstError))
        {
            WorstError = error;
            WorstArgument = x;
        }
    }
}
