using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels.Lanes;

public static partial class Elementary
{
    /// <summary>The hyperbolic tangent of x.</summary>
    /// <remarks>
    /// Below 0.625 an odd polynomial of degree 11 (binary32) or 23 (binary64), above it 1 − 2 / (e²ˣ + 1), where the quotient is at most
    /// a half and its error counts little (Cody and Waite 1980). At most 1.33 ulp (binary32) and 1.33 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>tanh x, in [−1, 1]; the sign of a zero is kept.</returns>
    [MethodImpl(Inline)]
    public static V Tanh<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var magnitude = V.Abs(x);
        var one = V.Constant(1);
        var z = magnitude * magnitude;
        V p;
        if (V.IsDouble)
        {
            p = V.Constant(-1.6071980044649986E-05);
            p = Horner(p, z, 7.714305305237634E-05);
            p = Horner(p, z, -0.0002285629412079354);
            p = Horner(p, z, 0.0005863158424211);
            p = Horner(p, z, -0.0014549586380673315);
            p = Horner(p, z, 0.0035919891203462944);
            p = Horner(p, z, -0.008863220994888935);
            p = Horner(p, z, 0.021869487575385507);
            p = Horner(p, z, -0.05396825393122913);
            p = Horner(p, z, 0.13333333333261982);
            p = Horner(p, z, -0.33333333333332854);
        }
        else
        {
            p = V.Constant(-0.005700092);
            p = Horner(p, z, 0.020634118);
            p = Horner(p, z, -0.05373794);
            p = Horner(p, z, 0.13331416);
            p = Horner(p, z, -0.3333328);
        }

        var small = V.FusedMultiplyAdd(p * z, magnitude, magnitude);
        var bounded = V.Min(Choose<V>(10, 20), magnitude);
        var large = one - (V.Constant(2) / (ModerateExp(bounded + bounded) + one));
        return V.CopySign(V.WhereLess(magnitude, V.Constant(0.625), small, large), x);
    }

    /// <summary>The logistic function 1 / (1 + e⁻ˣ).</summary>
    /// <remarks>
    /// From e = e^−|x| ≤ 1: 1 / (1 + e), or e / (1 + e) below zero, so that the lower tail keeps its relative accuracy into the subnormal
    /// numbers. At most 2.41 ulp (binary32) and 2.22 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>The logistic function, in [0, 1].</returns>
    [MethodImpl(Inline)]
    public static V Sigmoid<V>(V x)
        where V : unmanaged, ILane<V>
    {
        var one = V.Constant(1);
        var e = BoundedExp(-V.Abs(x));
        return V.WhereLess(x, V.Constant(0), e, one) / (one + e);
    }

    /// <summary>log(1 + eˣ), a smooth max(x, 0).</summary>
    /// <remarks>
    /// max(x, 0) + log(1 + e^−|x|), the logarithm by a polynomial in s² with s = e / (2 + e), which needs no reduction.
    /// At most 1.77 ulp (binary32) and 1.77 ulp (binary64).
    /// </remarks>
    /// <typeparam name="V">The lane.</typeparam>
    /// <param name="x">Any number.</param>
    /// <returns>log(1 + eˣ), with full relative accuracy where it is small.</returns>
    [MethodImpl(Inline)]
    public static V Softplus<V>(V x)
        where V : unmanaged, ILane<V> =>
        V.Max(V.Constant(0), x) + Log1POfUnit(BoundedExp(-V.Abs(x)));
}
