using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

public static partial class Elementary
{
    /// <summary>eˣ.</summary>
    /// <remarks>
    /// x = n ln 2 + r with |r| ≤ ½ ln 2 in two constants (Cody and Waite 1980); with a fused multiply-add the first step is exact.
    /// eʳ is 1 + r and a polynomial of degree 6 (binary32) or 11 (binary64); 2ⁿ is multiplied in two steps, so that results overflow
    /// and underflow gradually where they should. At most 1.03 ulp (binary32) and 1.00 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ; ∞ from about 88.7 (binary32) or 709.8 (binary64), 0 below about −104 or −746.</returns>
    [MethodImpl(Inline)]
    public static V Exp<V>(V x)
        where V : unmanaged, ILane<V> =>
        BoundedExp(V.Min(Choose<V>(89, 710), x));

    /// <summary>eˣ − 1, accurate near zero.</summary>
    /// <remarks>
    /// The reduction of <see cref="Exp"/>, keeping what the reduced argument lost in rounding; then 2ⁿ (eʳ − 1) + (2ⁿ − 1), with 2ⁿ⁻¹
    /// in place of 2ⁿ so that nothing overflows early. At most 1.33 ulp (binary32) and 1.34 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>eˣ − 1; the sign of a zero is kept.</returns>
    [MethodImpl(Inline)]
    public static V ExpM1<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var bounded = V.Max(Choose<V>(-18, -38), V.Min(Choose<V>(89, 710), x));
        var n = MultiplesOfLn2(bounded);
        var high = V.FusedMultiplyAdd(n, -Ln2<V>(), bounded);
        var low = n * Ln2Low<V>();
        var r = high - low;
        var lost = (high - r) - low;
        var tail = V.FusedMultiplyAdd(r * r, ExponentialPolynomial(r), lost);
        var half = V.Constant(0.5);
        var scale = V.PowerOfTwo(n - V.Constant(1));
        var halved = V.FusedMultiplyAdd(scale, tail, V.FusedMultiplyAdd(scale, r, scale - half));

        // Halving would cost a subnormal its last bit, so results that need no scaling are taken before it.
        var y = V.WhereEqual(n, V.Constant(0), r + tail, halved + halved);
        return V.CopySign(y, x);
    }

    /// <summary>eˣ for x below the point of overflow and a little above it, −∞ included.</summary>
    [MethodImpl(Inline)]
    private static V BoundedExp<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var bounded = V.Max(Choose<V>(-105, -747), x);
        var n = MultiplesOfLn2(bounded);
        return Scale(ReducedExp(Reduce(bounded, n)), n);
    }

    /// <summary>factor · e^(x + correction) for −120 &lt; x ≤ 0 (binary32) or −800 &lt; x ≤ 0 (binary64) and a tiny correction.</summary>
    [MethodImpl(Inline)]
    private static V ScaledExp<V>(V x, V correction, V factor)
        where V : unmanaged, ILane<V>
    {
        var n = MultiplesOfLn2(x);
        var r = Reduce(x, n) + correction;
        var grown = V.FusedMultiplyAdd(r * r, ExponentialPolynomial(r), r);
        return Scale(V.FusedMultiplyAdd(factor, grown, factor), n);
    }

    /// <summary>eˣ for |x| ≤ 80 (binary32) or 700 (binary64), where 2ⁿ is a normal number.</summary>
    [MethodImpl(Inline)]
    private static V ModerateExp<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var n = MultiplesOfLn2(x);
        return ReducedExp(Reduce(x, n)) * V.PowerOfTwo(n);
    }

    /// <summary>The integer nearest to x / ln 2.</summary>
    [MethodImpl(Inline)]
    private static V MultiplesOfLn2<V>(V x)
        where V : unmanaged, ILane<V> =>
        V.Round(x * V.Constant(1.4426950408889634));

    /// <summary>x − n ln 2. The first product and difference fit the precision, so only the second step rounds.</summary>
    [MethodImpl(Inline)]
    private static V Reduce<V>(V x, V n)
        where V : unmanaged, ILane<V> =>
        V.FusedMultiplyAdd(n, -Ln2Low<V>(), V.FusedMultiplyAdd(n, -Ln2<V>(), x));

    /// <summary>ln 2, rounded.</summary>
    [MethodImpl(Inline)]
    private static V Ln2<V>()
        where V : unmanaged, ILane<V> =>
        V.Constant(0.6931471805599453);

    /// <summary>What <see cref="Ln2"/> lost in rounding.</summary>
    [MethodImpl(Inline)]
    private static V Ln2Low<V>()
        where V : unmanaged, ILane<V> =>
        Choose<V>(-1.9046543E-09, 2.3190468138462996E-17);

    /// <summary>eʳ for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(Inline)]
    private static V ReducedExp<V>(V r)
        where V : unmanaged, ILane<V> =>
        V.FusedMultiplyAdd(r * r, ExponentialPolynomial(r), r) + V.Constant(1);

    /// <summary>(eʳ − 1 − r) / r² for |r| ≤ ½ ln 2; eʳ − 1 is off by at most 2⁻²⁶ (binary32) or 2⁻⁵⁵ (binary64), relatively.</summary>
    [MethodImpl(Inline)]
    private static V ExponentialPolynomial<V>(V r)
        where V : unmanaged, ILane<V>
    {
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(2.5056503070431654E-08);
            p = Horner(p, r, 2.762631326047002E-07);
            p = Horner(p, r, 2.7557399536379036E-06);
            p = Horner(p, r, 2.4801504484968054E-05);
            p = Horner(p, r, 0.00019841269727158823);
            p = Horner(p, r, 0.0013888888932344497);
            p = Horner(p, r, 0.00833333333338624);
            p = Horner(p, r, 0.04166666666657371);
            p = Horner(p, r, 0.16666666666666594);
            p = Horner(p, r, 0.5000000000000006);
        }
        else
        {
            p = V.Constant(0.0013864556);
            p = Horner(p, r, 0.008366539);
            p = Horner(p, r, 0.041667502);
            p = Horner(p, r, 0.16666543);
            p = Horner(p, r, 0.49999997);
        }

        return p;
    }

    /// <summary>y · 2ⁿ in two steps, of which the first is exact: one rounding, whether the result is normal or not.</summary>
    [MethodImpl(Inline)]
    private static V Scale<V>(V y, V n)
        where V : unmanaged, ILane<V>
    {
        var half = V.Round(n * V.Constant(0.5));
        return y * V.PowerOfTwo(half) * V.PowerOfTwo(n - half);
    }
}
