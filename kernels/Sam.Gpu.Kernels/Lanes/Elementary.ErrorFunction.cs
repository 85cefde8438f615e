using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

public static partial class Elementary
{
    /// <summary>The error function 2/√π ∫₀ˣ exp(−t²) dt.</summary>
    /// <remarks>
    /// Below 0.75 an odd polynomial of degree 11 (binary32) or 21 (binary64), above it 1 − erfc x as in <see cref="Erfc"/>, with a plain
    /// square. At most 2.16 ulp (binary32) and 1.97 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>erf x, in [−1, 1]; the sign of a zero is kept.</returns>
    [MethodImpl(Inline)]
    public static V Erf<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var magnitude = V.Abs(x);
        var z = magnitude * magnitude;
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(1.1690492179977693E-08);
            p = Horner(p, z, -1.6004371886544367E-07);
            p = Horner(p, z, 1.6438812468932445E-06);
            p = Horner(p, z, -1.4924771207139963E-05);
            p = Horner(p, z, 0.00012055314490609648);
            p = Horner(p, z, -0.0008548326870733295);
            p = Horner(p, z, 0.005223977627110406);
            p = Horner(p, z, -0.026866170645631956);
            p = Horner(p, z, 0.11283791670959396);
            p = Horner(p, z, -0.3761263890318389);
            p = Horner(p, z, 0.1283791670955126);
        }
        else
        {
            p = V.Constant(-0.0006780969);
            p = Horner(p, z, 0.0051189545);
            p = Horner(p, z, -0.026837025);
            p = Horner(p, z, 0.11283429);
            p = Horner(p, z, -0.37612623);
            p = Horner(p, z, 0.12837917);
        }

        var small = V.FusedMultiplyAdd(p, magnitude, magnitude);
        var bounded = V.Min(Choose<V>(4, 6), magnitude);
        var tail = ModerateExp(-(bounded * bounded)) * ScaledErfc(ErfcVariable(bounded));
        return V.CopySign(V.WhereLess(magnitude, V.Constant(0.75), small, V.Constant(1) - tail), x);
    }

    /// <summary>The complementary error function 1 − erf x.</summary>
    /// <remarks>
    /// For x ≥ 0 the product of exp(−x²) and of the smooth exp(x²) erfc x. The square is split into its rounded value and the rest, which
    /// a fused multiply-add gives exactly, so that the exponential keeps its relative accuracy; below zero 2 − erfc |x|.
    /// At most 2.59 ulp (binary32) and 2.46 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>erfc x, in [0, 2], with full relative accuracy where it is small.</returns>
    [MethodImpl(Inline)]
    public static V Erfc<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var bounded = V.Min(Choose<V>(10.4, 27.5), V.Abs(x));
        var square = bounded * bounded;
        var rest = V.FusedMultiplyAdd(bounded, bounded, -square);
        var u = ErfcVariable(bounded);
        var y = ScaledExp(-square, ErfcCorrection(u, bounded, V.Constant(0)) - rest, ScaledErfc(u));
        return V.WhereLess(x, V.Constant(0), V.Constant(2) - y, y);
    }

    /// <summary>The standard normal distribution function Φ(x) = ½ erfc(−x / √2).</summary>
    /// <remarks>
    /// As <see cref="Erfc"/>, but the exponential takes x² / 2 itself: x / √2 is rounded only where the function hardly depends on it.
    /// At most 2.64 ulp (binary32) and 2.67 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>Φ(x), in [0, 1], with full relative accuracy in the lower tail.</returns>
    [MethodImpl(Inline)]
    public static V NormalCdf<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var minusHalf = V.Constant(-0.5);
        var bounded = V.Min(Choose<V>(14.5, 38.8), V.Abs(x));
        var square = bounded * bounded;
        var rest = V.FusedMultiplyAdd(bounded, bounded, -square);
        var rootOfHalf = V.Constant(0.7071067811865476);
        var t = bounded * rootOfHalf;
        var low = V.FusedMultiplyAdd(bounded, rootOfHalf, -t);
        low = V.FusedMultiplyAdd(bounded, Choose<V>(1.21016171E-08, -4.833646656726457E-17), low);
        var u = ErfcVariable(t);
        var correction = V.FusedMultiplyAdd(minusHalf, rest, ErfcCorrection(u, t, low));
        var y = ScaledExp(minusHalf * square, correction, V.Constant(0.5) * ScaledErfc(u));
        return V.WhereLess(V.Constant(0), x, V.Constant(1) - y, y);
    }

    /// <summary>The standard normal density φ(x) = exp(−x² / 2) / √(2π).</summary>
    /// <remarks>
    /// The square is split as in <see cref="Erfc"/>; what 1 / √(2π) loses in rounding joins the rest. At most 1.03 ulp (binary32) and
    /// 0.97 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>φ(x), with full relative accuracy in the tails.</returns>
    [MethodImpl(Inline)]
    public static V NormalDensity<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var minusHalf = V.Constant(-0.5);
        var bounded = V.Min(Choose<V>(15, 39), V.Abs(x));
        var square = bounded * bounded;
        var rest = V.FusedMultiplyAdd(bounded, bounded, -square);
        var correction = V.FusedMultiplyAdd(minusHalf, rest, Choose<V>(-2.8413058E-08, -6.247337834861335E-17));
        return ScaledExp(minusHalf * square, correction, V.Constant(0.3989422804014327));
    }

    /// <summary>u = 3 / (3 + t): maps the numbers from zero to infinity to (0, 1].</summary>
    [MethodImpl(Inline)]
    private static V ErfcVariable<V>(V t)
        where V : unmanaged, ILane<V> =>
        V.Constant(3) / (t + V.Constant(3));

    /// <summary>exp(t²) erfc(t) for 0 ≤ t ≤ 10.4 (binary32) or 27.5 (binary64), as a function of u.</summary>
    /// <remarks>
    /// u times a polynomial in 2u − 1 of degree 10 (binary32) or 22 (binary64), after Shepherd and Laframboise 1981, <i>Chebyshev
    /// approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x &lt; ∞</i>. Relative error of the approximation: 2⁻²⁶·⁹ or 2⁻⁵⁴·⁸.
    /// </remarks>
    [MethodImpl(Inline)]
    private static V ScaledErfc<V>(V u)
        where V : unmanaged, ILane<V>
    {
        var q = V.FusedMultiplyAdd(V.Constant(2), u, V.Constant(-1));
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(-4.702659803319703E-10);
            p = Horner(p, q, 1.992185434744923E-09);
            p = Horner(p, q, 6.561596433515399E-10);
            p = Horner(p, q, -1.5796699046438286E-08);
            p = Horner(p, q, 1.3500739547532725E-08);
            p = Horner(p, q, 7.701670126916389E-08);
            p = Horner(p, q, -1.3414442478464743E-07);
            p = Horner(p, q, -3.325651854912871E-07);
            p = Horner(p, q, 9.206815795835798E-07);
            p = Horner(p, q, 1.58294736300708E-06);
            p = Horner(p, q, -5.82309263541047E-06);
            p = Horner(p, q, -1.0132693000742964E-05);
            p = Horner(p, q, 3.5853722850029417E-05);
            p = Horner(p, q, 9.225927766126376E-05);
            p = Horner(p, q, -0.00018276988080441207);
            p = Horner(p, q, -0.0010113539998888833);
            p = Horner(p, q, -0.00040413887726037487);
            p = Horner(p, q, 0.008942411541454719);
            p = Horner(p, q, 0.03984258709584003);
            p = Horner(p, q, 0.10348908730019062);
            p = Horner(p, q, 0.19674278570136555);
            p = Horner(p, q, 0.2944648177232945);
            p = Horner(p, q, 0.3580023023627799);
        }
        else
        {
            p = V.Constant(5.4609736E-06);
            p = Horner(p, q, 9.688461E-05);
            p = Horner(p, q, -0.00015799128);
            p = Horner(p, q, -0.0010193557);
            p = Horner(p, q, -0.00041269616);
            p = Horner(p, q, 0.008945045);
            p = Horner(p, q, 0.039844066);
            p = Horner(p, q, 0.10348879);
            p = Horner(p, q, 0.19674267);
            p = Horner(p, q, 0.29446483);
            p = Horner(p, q, 0.3580023);
        }

        return p * u;
    }

    /// <summary>The relative change of <see cref="ScaledErfc"/> that the rounding of u = 3 / (3 + t + low) hides.</summary>
    /// <remarks>
    /// The remainder of the division is exact. Its weight, the logarithmic derivative of the function in u, runs from 1 to 3.4;
    /// a parabola gives it to two digits, which is enough for a correction.
    /// </remarks>
    [MethodImpl(Inline)]
    private static V ErfcCorrection<V>(V u, V t, V low)
        where V : unmanaged, ILane<V>
    {
        var three = V.Constant(3);
        var sum = t + three;
        var lost = (V.Min(three, t) - (sum - V.Max(three, t))) + low;
        var remainder = V.FusedMultiplyAdd(-u, sum, three) - (u * lost);
        var weight = Horner(Horner(V.Constant(1.4 / 3), u, 1.0 / 3), u, 1.0 / 3);
        return remainder * weight;
    }
}
