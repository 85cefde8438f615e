using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

public static partial class Elementary
{
    /// <summary>The natural logarithm of x.</summary>
    /// <remarks>
    /// x = 2ᵏ (1 + f) with √½ ≤ 1 + f ≤ √2, and log(1 + f) from s = f / (2 + f) by a polynomial in s² of degree 2 (binary32) or
    /// 6 (binary64), summed so that the leading terms f − f²/2 carry the accuracy (Tang 1990; Muller §5). Subnormal numbers are
    /// scaled first. At most 0.85 ulp (binary32) and 0.83 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>log x; −∞ at ±0, NaN below zero.</returns>
    [MethodImpl(Inline)]
    public static V Log<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var smallest = Choose<V>(1.1754943508222875E-38, 2.2250738585072014E-308);
        var scaled = V.WhereLess(x, smallest, x * Choose<V>(16777216, 18014398509481984), x);
        var shift = V.WhereLess(x, smallest, Choose<V>(24, 54), V.Constant(0));
        var m = V.Significand(scaled);
        var k = V.Exponent(scaled) - shift;
        var large = V.Constant(1.4142135623730951);
        k = V.WhereLess(large, m, k + V.Constant(1), k);
        m = V.WhereLess(large, m, m * V.Constant(0.5), m);
        var y = LogarithmOfSum(k, m - V.Constant(1), V.Constant(0));
        return LogarithmAtTheEnds(y, x, V.Constant(0));
    }

    /// <summary>log(1 + x), accurate near zero.</summary>
    /// <remarks>
    /// As <see cref="Log"/>, on the rounded sum u = 1 + x = 2ᵏ m; what the sum lost is exact in floating point (Dekker 1971) and is
    /// added to f = m − 1. At most 0.92 ulp (binary32) and 0.84 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>log(1 + x); the sign of a zero is kept, −∞ at −1, NaN below.</returns>
    [MethodImpl(Inline)]
    public static V Log1P<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var one = V.Constant(1);
        var u = one + x;
        var lost = V.Min(one, x) - (u - V.Max(one, x));
        var m = V.Significand(u);
        var k = V.Exponent(u);
        var large = V.Constant(1.4142135623730951);
        k = V.WhereLess(large, m, k + one, k);
        m = V.WhereLess(large, m, m * V.Constant(0.5), m);
        var high = m - one;
        var low = lost * V.PowerOfTwo(V.Max(Choose<V>(-126, -1022), -k));
        var f = high + low;
        var y = LogarithmOfSum(k, f, (high - f) + low);
        return LogarithmAtTheEnds(V.WhereEqual(x, V.Constant(0), x, y), x, V.Constant(-1));
    }

    /// <summary>k ln 2 + log(1 + f + low) for an integer k, √½ − 1 ≤ f ≤ √2 − 1 and a low below an ulp of f.</summary>
    [MethodImpl(Inline)]
    private static V LogarithmOfSum<V>(V k, V f, V low)
        where V : unmanaged, ILane<V>
    {
        var s = f / (f + V.Constant(2));
        var z = s * s;
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(0.1462684534044184);
            p = Horner(p, z, 0.15330733301124813);
            p = Horner(p, z, 0.18182925253279983);
            p = Horner(p, z, 0.22222210500715506);
            p = Horner(p, z, 0.28571428631394485);
            p = Horner(p, z, 0.39999999999879526);
            p = Horner(p, z, 0.6666666666666672);
        }
        else
        {
            p = V.Constant(0.29586592);
            p = Horner(p, z, 0.3998855);
            p = Horner(p, z, 0.66666687);
        }

        var halfSquare = V.Constant(0.5) * f * f;
        var rest = V.FusedMultiplyAdd(k, Ln2Low<V>(), low);
        rest = V.FusedMultiplyAdd(s, V.FusedMultiplyAdd(p, z, halfSquare), rest);
        return V.FusedMultiplyAdd(k, Ln2<V>(), f - (halfSquare - rest));
    }

    /// <summary>y, but the logarithm's values at and below its pole, at infinity and for NaN.</summary>
    [MethodImpl(Inline)]
    private static V LogarithmAtTheEnds<V>(V y, V x, V pole)
        where V : unmanaged, ILane<V>
    {
        y = V.WhereLess(x, V.Constant(double.PositiveInfinity), y, x);
        y = V.WhereLess(x, pole, V.Constant(double.NaN), y);
        return V.WhereEqual(x, pole, V.Constant(double.NegativeInfinity), y);
    }

    /// <summary>log(1 + e) for 0 ≤ e ≤ 1.</summary>
    /// <remarks>
    /// No reduction: s = e / (2 + e) ≤ ⅓ and a polynomial in s² of degree 4 (binary32) or 9 (binary64); log(1 + e) = e − s (e − R).
    /// </remarks>
    [MethodImpl(Inline)]
    private static V Log1POfUnit<V>(V e)
        where V : unmanaged, ILane<V>
    {
        var s = e / (e + V.Constant(2));
        var z = s * s;
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(0.16220457453492806);
            p = Horner(p, z, 0.08771615324896981);
            p = Horner(p, z, 0.12007382499678185);
            p = Horner(p, z, 0.13313399688325797);
            p = Horner(p, z, 0.153856220013381);
            p = Horner(p, z, 0.18181787261211985);
            p = Horner(p, z, 0.2222222277044773);
            p = Horner(p, z, 0.28571428566417284);
            p = Horner(p, z, 0.4000000000001861);
            p = Horner(p, z, 0.6666666666666665);
        }
        else
        {
            p = V.Constant(0.23501015);
            p = Horner(p, z, 0.2163832);
            p = Horner(p, z, 0.28597942);
            p = Horner(p, z, 0.3999954);
            p = Horner(p, z, 0.6666667);
        }

        return V.FusedMultiplyAdd(s, V.FusedMultiplyAdd(p, z, -e), e);
    }
}
