using System.Globalization;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.Lanes;

/// <summary>The elementary functions at special arguments, in range, and alike on every lane.</summary>
public abstract class ElementaryLaneTests<V, One>
    where V : unmanaged, IHostLane<V>
    where One : unmanaged, IHostLane<One>
{
    private const double Infinity = double.PositiveInfinity;

    private static readonly double Smallest = V.IsDouble ? double.Epsilon : float.Epsilon;

    private static readonly double[] Arguments = ManyArguments();

    [Fact]
    public void Exp_at_its_ends() => Check<ExpFunction>(
        (0, 1), (-0.0, 1), (Infinity, Infinity), (-Infinity, 0), (-1000, 0), (1000, Infinity));

    [Fact]
    public void ExpM1_at_its_ends() => Check<ExpM1Function>(
        (0, 0), (-0.0, -0.0), (Infinity, Infinity), (-Infinity, -1), (-1000, -1), (Smallest, Smallest), (-Smallest, -Smallest));

    [Fact]
    public void Log_at_its_ends() => Check<LogFunction>(
        (0, -Infinity), (-0.0, -Infinity), (1, 0), (Infinity, Infinity),
        (-Infinity, double.NaN), (-1, double.NaN), (-Smallest, double.NaN));

    [Fact]
    public void Log1P_at_its_ends() => Check<Log1PFunction>(
        (0, 0), (-0.0, -0.0), (-1, -Infinity), (Infinity, Infinity), (-Infinity, double.NaN), (-2, double.NaN),
        (Smallest, Smallest), (-Smallest, -Smallest));

    [Fact]
    public void Tanh_at_its_ends() => Check<TanhFunction>(
        (0, 0), (-0.0, -0.0), (Infinity, 1), (-Infinity, -1), (100, 1), (-100, -1), (Smallest, Smallest), (-Smallest, -Smallest));

    [Fact]
    public void Sigmoid_at_its_ends() => Check<SigmoidFunction>(
        (0, 0.5), (-0.0, 0.5), (Infinity, 1), (-Infinity, 0), (-1000, 0), (1000, 1));

    [Fact]
    public void Softplus_at_its_ends() => Check<SoftplusFunction>((Infinity, Infinity), (-Infinity, 0), (-1000, 0), (1000, 1000));

    [Fact]
    public void Erf_at_its_ends() => Check<ErfFunction>((0, 0), (-0.0, -0.0), (Infinity, 1), (-Infinity, -1), (10, 1), (-10, -1));

    [Fact]
    public void Erfc_at_its_ends() => Check<ErfcFunction>((0, 1), (-0.0, 1), (Infinity, 0), (-Infinity, 2), (100, 0), (-100, 2));

    [Fact]
    public void NormalCdf_at_its_ends() => Check<NormalCdfFunction>(
        (0, 0.5), (-0.0, 0.5), (Infinity, 1), (-Infinity, 0), (-1000, 0), (1000, 1));

    [Fact]
    public void NormalDensity_at_its_ends() => Check<NormalDensityFunction>(
        (0, 0.3989422804014327), (Infinity, 0), (-Infinity, 0), (100, 0), (-100, 0));

    [Fact]
    public void Bounded_functions_stay_in_their_range()
    {
        Assert.All(Map<TanhFunction, V>(Arguments), y => Assert.InRange(y, -1, 1));
        Assert.All(Map<SigmoidFunction, V>(Arguments), y => Assert.InRange(y, 0, 1));
        Assert.All(Map<ErfFunction, V>(Arguments), y => Assert.InRange(y, -1, 1));
        Assert.All(Map<ErfcFunction, V>(Arguments), y => Assert.InRange(y, 0, 2));
        Assert.All(Map<NormalCdfFunction, V>(Arguments), y => Assert.InRange(y, 0, 1));
    }

    private static void Check<F>(params (double Argument, double Value)[] values)
        where F : struct, IElementaryFunction
    {
        // Neighbours must not matter: every special value stands at every position once.
        double[] arguments = [.. values.SelectMany(v => Enumerable.Repeat(v.Argument, V.Width)), double.NaN, -double.NaN];
        double[] expected = [.. values.SelectMany(v => Enumerable.Repeat(v.Value, V.Width)), double.NaN, double.NaN];
        Compare(arguments, [.. expected.Select(LaneBuffer<V>.Rounded)], Map<F, V>(arguments));
        Compare(Arguments, Map<F, One>(Arguments), Map<F, V>(Arguments));
    }

    private static void Compare(double[] arguments, double[] expected, double[] found)
    {
        for (var n = 0; n < arguments.Length; n++)
        {
            Assert.True(
                double.IsNaN(expected[n])
                    ? double.IsNaN(found[n])
                    : BitConverter.DoubleToInt64Bits(expected[n]) == BitConverter.DoubleToInt64Bits(found[n]),
                string.Create(CultureInfo.InvariantCulture, $"at {arguments[n]:R}: {found[n]:R}, not {expected[n]:R}"));
        }
    }

    private static double[] Map<F, W>(double[] arguments)
        where F : struct, IElementaryFunction
        where W : unmanaged, IHostLane<W> =>
        LaneBuffer<W>.Map((x, _, _) => F.Evaluate(x), arguments, arguments, arguments);

    private static double[] ManyArguments()
    {
        var random = new Random(11);
        var arguments = new double[6000];
        for (var n = 0; n < arguments.Length; n++)
        {
            arguments[n] = (n % 3) switch
            {
                0 => (random.NextDouble() - 0.5) * 30,
                1 => (random.NextDouble() - 0.5) * 1800,
                _ => V.IsDouble
                    ? BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))
                    : BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)),
            };
            arguments[n] = double.IsNaN(arguments[n]) ? n : LaneBuffer<V>.Rounded(arguments[n]);
        }

        return arguments;
    }
}

public sealed class ElementaryOfFloat1Tests : ElementaryLaneTests<Float1, Float1>;

public sealed class ElementaryOfDouble1Tests : ElementaryLaneTests<Double1, Double1>;

public sealed class ElementaryOfSimd128OfFloatTests : ElementaryLaneTests<Simd128<float>, Float1>;

public sealed class ElementaryOfSimd128OfDoubleTests : ElementaryLaneTests<Simd128<double>, Double1>;

public sealed class ElementaryOfSimd256OfFloatTests : ElementaryLaneTests<Simd256<float>, Float1>;

public sealed class ElementaryOfSimd256OfDoubleTests : ElementaryLaneTests<Simd256<double>, Double1>;

public sealed class ElementaryOfSimd512OfFloatTests : ElementaryLaneTests<Simd512<float>, Float1>;

public sealed class ElementaryOfSimd512OfDoubleTests : ElementaryLaneTests<Simd512<double>, Double1>;
