namespace Sam.Gpu.Checks;

/// <summary>How large errors may be, in ulp: what the bounds of the checks are made of.</summary>
/// <remarks>
/// A rounding is off by half an ulp of its result, which is a relative error of at most u, the unit roundoff; and a relative error of r u
/// is at most r ulp. So where factors' errors add up, each rounding counts as 1, and the last one, or one of a sum's, as ½.
/// </remarks>
internal static class Roundings
{
    /// <summary>One rounding, correct; a little more, for the reference is rounded to double.</summary>
    public const double One = 0.5 + 1e-6;

    /// <summary>An elementary function.</summary>
    public const double Elementary = 4;

    /// <summary>A quotient of float: OpenCL's bound; IEEE 754 asks for <see cref="One"/>.</summary>
    public const double Quotient = 2.5;

    /// <summary>A square root of float: OpenCL's bound; IEEE 754 asks for <see cref="One"/>.</summary>
    public const double SquareRoot = 3;

    /// <summary>A sum in any order, in ulp of the sum of its terms' sizes.</summary>
    /// <remarks>
    /// No order of n terms has more than n roundings of partial sums, each off by at most half an ulp. In a long sum they walk at random:
    /// 2 √n ulp are four standard deviations if each were at its limit, and seven as rounding errors are spread (Higham and Mary, "A new
    /// approach to probabilistic rounding error analysis", 2019).
    /// </remarks>
    /// <param name="terms">The number of terms.</param>
    public static double Sum(int terms) => Math.Min(0.5 * terms, 2 * Math.Sqrt(terms)) + 1e-6;
}
