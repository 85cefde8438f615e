using System.Globalization;
using Sam.Gpu.Kernels.Lanes;
using Xunit;

namespace Sam.Gpu.Kernels.Tests.Lanes;

/// <summary>Every operation of a lane against the scalar arithmetic of .NET, bit for bit.</summary>
public abstract class LaneTests<V>
    where V : unmanaged, IHostLane<V>
{
    private static readonly double Smallest = V.IsDouble ? double.Epsilon : float.Epsilon;
    private static readonly double SmallestNormal = Math.ScaleB(1, V.IsDouble ? -1022 : -126);
    private static readonly double Largest = V.IsDouble ? double.MaxValue : float.MaxValue;

    private static readonly double[] Numbers =
    [
        0.0, -0.0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3.4999998, 1e6 + 0.5, -1234567.5, 1.0 / 3, 2e9, -5e9, 1e15, 8388609,
        Smallest, -Smallest, SmallestNormal, -SmallestNormal * 0.75, Largest, -Largest,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, -double.NaN,
        .. RandomNumbers(),
    ];

    // All pairs of numbers, and a third beside each, in another order.
    private static readonly double[] Left = [.. Numbers.SelectMany(a => Numbers.Select(_ => LaneBuffer<V>.Rounded(a)))];
    private static readonly double[] Right = [.. Numbers.SelectMany(_ => Numbers.Select(LaneBuffer<V>.Rounded))];
    private static readonly double[] Third = [.. Right.Select((_, n) => LaneBuffer<V>.Rounded(Numbers[n * 7 % Numbers.Length]))];

    [Fact]
    public void Addition_rounds_to_nearest() => Check((a, b, _) => a + b, (a, b, _) => a + b, (a, b, _) => a + b);

    [Fact]
    public void Subtraction_rounds_to_nearest() => Check((a, b, _) => a - b, (a, b, _) => a - b, (a, b, _) => a - b);

    [Fact]
    public void Multiplication_rounds_to_nearest() => Check((a, b, _) => a * b, (a, b, _) => a * b, (a, b, _) => a * b);

    [Fact]
    public void Division_rounds_to_nearest() => Check((a, b, _) => a / b, (a, b, _) => a / b, (a, b, _) => a / b);

    [Fact]
    public void Fused_multiply_add_rounds_once() =>
        Check(V.FusedMultiplyAdd, MathF.FusedMultiplyAdd, Math.FusedMultiplyAdd);

    [Fact]
    public void Square_root_rounds_to_nearest() => Check((a, _, _) => V.Sqrt(a), (a, _, _) => MathF.Sqrt(a), (a, _, _) => Math.Sqrt(a));

    [Fact]
    public void Round_takes_ties_to_even() => Check((a, _, _) => V.Round(a), (a, _, _) => MathF.Round(a), (a, _, _) => Math.Round(a));

    [Fact]
    public void An_integer_comes_back_as_it_went_in()
    {
        foreach (int number in (int[])[0, 1, -1, 12345, (1 << 24) - 1, 1 << 24, -(1 << 24)])
        {
            Assert.Equal(number, V.ToInteger(V.Integer(number)));
        }
    }

    [Fact]
    public void Negation_flips_the_sign_of_everything() =>
        Check((a, _, _) => -a, (a, _, _) => MathF.CopySign(a, float.IsNegative(a) ? 1f : -1f), (a, _, _) => -a, signOfNaN: true);

    [Fact]
    public void Abs_clears_the_sign_of_everything() =>
        Check((a, _, _) => V.Abs(a), (a, _, _) => MathF.CopySign(a, 1), (a, _, _) => Math.CopySign(a, 1), signOfNaN: true);

    [Fact]
    public void CopySign_takes_the_sign_of_everything() =>
        Check((a, b, _) => V.CopySign(a, b), (a, b, _) => MathF.CopySign(a, b), (a, b, _) => Math.CopySign(a, b), signOfNaN: true);

    [Fact]
    public void WhereLess_selects_no_where_one_is_NaN() => Check(
        (a, b, c) => V.WhereLess(a, b, c, a),
        (a, b, c) => a < b ? c : a,
        (a, b, c) => a < b ? c : a);

    [Fact]
    public void WhereEqual_selects_no_where_one_is_NaN_and_yes_for_both_zeros() => Check(
        (a, b, c) => V.WhereEqual(a, b, c, a),
        (a, b, c) => a == b ? c : a,
        (a, b, c) => a == b ? c : a);

    [Fact]
    public void Min_and_Max_order_numbers_and_keep_a_NaN_of_the_second()
    {
        var min = LaneBuffer<V>.Map((a, b, _) => V.Min(a, b), Left, Right, Third);
        var max = LaneBuffer<V>.Map((a, b, _) => V.Max(a, b), Left, Right, Third);
        for (var n = 0; n < Left.Length; n++)
        {
            if (double.IsNaN(Right[n]))
            {
                Assert.True(double.IsNaN(min[n]) && double.IsNaN(max[n]));
            }
            else if (!double.IsNaN(Left[n]))
            {
                // The sign of the extreme of zeros of both signs is not specified: compare as numbers.
                Assert.True(min[n] == Math.Min(Left[n], Right[n]) && max[n] == Math.Max(Left[n], Right[n]));
            }
        }
    }

    [Fact]
    public void PowerOfTwo_gives_every_normal_power()
    {
        var limit = V.IsDouble ? 1022 : 126;
        double[] exponents = [.. Enumerable.Range(-limit, (2 * limit) + 2).Select(n => (double)n)];
        var powers = LaneBuffer<V>.Map((n, _, _) => V.PowerOfTwo(n), exponents, exponents, exponents);
        Assert.Equal(exponents.Select(n => Math.ScaleB(1, (int)n)), powers);
    }

    [Fact]
    public void Exponent_and_Significand_split_normal_numbers()
    {
        double[] numbers = [.. Left.Select(Math.Abs).Where(x => x >= SmallestNormal && double.IsFinite(x)), Largest, SmallestNormal];
        var exponents = LaneBuffer<V>.Map((x, _, _) => V.Exponent(x), numbers, numbers, numbers);
        var significands = LaneBuffer<V>.Map((x, _, _) => V.Significand(x), numbers, numbers, numbers);
        Assert.Equal(numbers.Select(x => (double)Math.ILogB(x)), exponents);
        Assert.Equal(numbers.Select(x => Math.ScaleB(x, -Math.ILogB(x))), significands);
    }

    [Fact]
    public void UpperHalf_leaves_products_exact()
    {
        double[] numbers = [.. Left.Where(x => Math.Abs(x) is > 1e-10 and < 1e10)];
        var upper = LaneBuffer<V>.Map((x, _, _) => V.UpperHalf(x), numbers, numbers, numbers);
        for (var n = 0; n < numbers.Length; n++)
        {
            var expected = V.IsDouble
                ? BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(numbers[n]) & 0xFFFFFFFFF8000000UL)
                : BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits((float)numbers[n]) & 0xFFFFF000U);
            Assert.Equal(expected, upper[n]);
        }

        var residue = LaneBuffer<V>.Map((x, y, _) => V.FusedMultiplyAdd(x, y, -(x * y)), upper, [.. upper.Reverse()], upper);
        Assert.All(residue, r => Assert.Equal(0, r));
    }

    [Fact]
    public void Sum_across_is_at_every_position()
    {
        // Small integers: every order gives the same sum.
        double[] numbers = [.. Enumerable.Range(0, V.Width).Select(n => (double)((n * 37 % 19) - 7))];
        var sum = LaneBuffer<V>.Store(V.SumAcross(LaneBuffer<V>.Load(numbers, 0)));
        Assert.All(sum, s => Assert.Equal(numbers.Sum(), s));
    }

    [Fact]
    public void Sum_across_adds_halves()
    {
        double[] numbers = [.. Enumerable.Range(0, V.Width).Select(n => LaneBuffer<V>.Rounded(1 / (n + 3.0)))];
        var expected = numbers;
        while (expected.Length > 1)
        {
            var half = expected.Length / 2;
            expected = [.. Enumerable.Range(0, half).Select(n => LaneBuffer<V>.Rounded(expected[n] + expected[n + half]))];
        }

        var sum = LaneBuffer<V>.Store(V.SumAcross(LaneBuffer<V>.Load(numbers, 0)));
        Assert.All(sum, s => Assert.Equal(expected[0], s));
    }

    [Fact]
    public void Max_across_finds_the_largest_at_every_position()
    {
        for (var place = 0; place < V.Width; place++)
        {
            double[] numbers = [.. Enumerable.Range(0, V.Width).Select(n => n == place ? -0.25 : double.NegativeInfinity)];
            var max = LaneBuffer<V>.Store(V.MaxAcross(LaneBuffer<V>.Load(numbers, 0)));
            Assert.All(max, m => Assert.Equal(-0.25, m));
        }
    }

    [Fact]
    public void Constants_are_rounded_and_the_index_counts()
    {
        Assert.All(LaneBuffer<V>.Store(V.Constant(0.1)), c => Assert.Equal(LaneBuffer<V>.Rounded(0.1), c));
        Assert.Equal(Enumerable.Range(0, V.Width).Select(n => (double)n), LaneBuffer<V>.Store(V.Index));
    }

    [Fact]
    public unsafe void Loads_and_stores_need_no_alignment_and_touch_nothing_else()
    {
        var size = V.ElementSize;
        var bytes = new byte[(V.Width + 2) * size];
        fixed (byte* memory = bytes)
        {
            var lane = LaneBuffer<V>.Load([.. Enumerable.Range(1, V.Width).Select(n => n * 1.25)], 0);
            V.Store(memory + 1, lane);
            Assert.Equal(LaneBuffer<V>.Store(lane), LaneBuffer<V>.Store(V.Load(memory + 1)));
            Assert.All(LaneBuffer<V>.Store(V.Broadcast(memory + 1)), x => Assert.Equal(1.25, x));
            Assert.Equal(0, bytes[0]);
            Assert.All(bytes[(1 + (V.Width * size))..], b => Assert.Equal(0, b));

            V.StoreFirst(memory + 1, V.Constant(-8));
            var expected = LaneBuffer<V>.Store(lane);
            expected[0] = -8;
            Assert.Equal(expected, LaneBuffer<V>.Store(V.Load(memory + 1)));
        }
    }

    private static IEnumerable<double> RandomNumbers()
    {
        var random = new Random(7);
        for (var n = 0; n < 40; n++)
        {
            yield return Math.ScaleB(random.NextDouble() - 0.5, random.Next(-20, 20));
        }
    }

    private static void Check(
        Func<V, V, V, V> operation,
        Func<float, float, float, float> inBinary32,
        Func<double, double, double, double> inBinary64,
        bool signOfNaN = false)
    {
        var results = LaneBuffer<V>.Map(operation, Left, Right, Third);
        for (var n = 0; n < results.Length; n++)
        {
            var expected = V.IsDouble
                ? inBinary64(Left[n], Right[n], Third[n])
                : inBinary32((float)Left[n], (float)Right[n], (float)Third[n]);
            var same = double.IsNaN(expected)
                ? double.IsNaN(results[n]) && (!signOfNaN || double.IsNegative(results[n]) == double.IsNegative(expected))
                : BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(results[n]);
            FormattableString mismatch = $"at ({Left[n]:R}, {Right[n]:R}, {Third[n]:R}): {results[n]:R}, not {expected:R}";
            Assert.True(same, same ? null : mismatch.ToString(CultureInfo.InvariantCulture));
        }
    }
}

public sealed class Float1Tests : LaneTests<Float1>;

public sealed class Double1Tests : LaneTests<Double1>;

public sealed class Simd128OfFloatTests : LaneTests<Simd128<float>>;

public sealed class Simd128OfDoubleTests : LaneTests<Simd128<double>>;

public sealed class Simd256OfFloatTests : LaneTests<Simd256<float>>;

public sealed class Simd256OfDoubleTests : LaneTests<Simd256<double>>;

public sealed class Simd512OfFloatTests : LaneTests<Simd512<float>>;

public sealed class Simd512OfDoubleTests : LaneTests<Simd512<double>>;
