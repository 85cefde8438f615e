namespace Sam.Gpu.Kernels.Lanes;

/// <summary>How many numbers a kernel works on at once, and the arithmetic on them.</summary>
/// <remarks>
/// <para>
/// A kernel is written once, generic over its lane. On a GPU the lane is one number and a thread each; on a CPU it is the widest
/// vector that the machine has. Every operation acts number by number, but for the two that end in <c>Across</c>.
/// </para>
/// <para>
/// Comparisons have no mask type: <see cref="WhereLess"/> and <see cref="WhereEqual"/> compare and select at once, which every device
/// does in one or two instructions. The elementary functions (exponential, logarithm, hyperbolic tangent, error function) are not
/// here: they are written once over these operations, in <see cref="Elementary"/>.
/// </para>
/// </remarks>
/// <typeparam name="V">The lane itself.</typeparam>
public interface ILane<V>
    where V : unmanaged, ILane<V>
{
    /// <summary>The number of numbers in a lane: a power of two.</summary>
    static abstract int Width { get; }

    /// <summary>Whether the numbers are IEEE binary64; if not, they are binary32.</summary>
    static abstract bool IsDouble { get; }

    /// <summary>The positions 0, 1, …, <see cref="Width"/> − 1.</summary>
    static abstract V Index { get; }

    /// <summary>The same number at every position, rounded to the lane's precision.</summary>
    /// <param name="value">The number. Write constants only: a device may not have binary64 at run time.</param>
    static abstract V Constant(double value);

    /// <summary>The same integer at every position. Exact below 2²⁴ (binary32) or 2⁵³ (binary64).</summary>
    /// <param name="value">The integer; unlike the number of <see cref="Constant"/> it may be known at run time only.</param>
    static abstract V Integer(int value);

    /// <summary>The number at position 0, a whole number, as an integer: an index that was computed.</summary>
    /// <param name="a">The numbers; that at position 0 in the range of an integer, unspecified elsewhere.</param>
    static abstract int ToInteger(V a);

    /// <summary>a + b.</summary>
    static abstract V operator +(V a, V b);

    /// <summary>a − b.</summary>
    static abstract V operator -(V a, V b);

    /// <summary>a · b.</summary>
    static abstract V operator *(V a, V b);

    /// <summary>a / b, correctly rounded.</summary>
    static abstract V operator /(V a, V b);

    /// <summary>−a: flips the sign bit, of zeros and NaN as well.</summary>
    static abstract V operator -(V a);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V FusedMultiplyAdd(V a, V b, V c);

    /// <summary>The smaller number; NaN where b is NaN, unspecified where only a is.</summary>
    static abstract V Min(V a, V b);

    /// <summary>The larger number; NaN where b is NaN, unspecified where only a is.</summary>
    static abstract V Max(V a, V b);

    /// <summary>|a|: clears the sign bit.</summary>
    static abstract V Abs(V a);

    /// <summary>√a, correctly rounded; NaN below zero.</summary>
    static abstract V Sqrt(V a);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract V Round(V a);

    /// <summary><paramref name="yes"/> where a &lt; b, else <paramref name="no"/>; <paramref name="no"/> where one is NaN.</summary>
    static abstract V WhereLess(V a, V b, V yes, V no);

    /// <summary><paramref name="yes"/> where a = b, else <paramref name="no"/>; <paramref name="no"/> where one is NaN.</summary>
    /// <remarks><c>WhereEqual(x, x, y, x)</c> is y, but x where x is NaN.</remarks>
    static abstract V WhereEqual(V a, V b, V yes, V no);

    /// <summary>The magnitude of a with the sign bit of <paramref name="sign"/>.</summary>
    static abstract V CopySign(V a, V sign);

    /// <summary>2ⁿ for an integral n in [−126, 127] (binary32) or [−1022, 1023] (binary64); unspecified elsewhere.</summary>
    static abstract V PowerOfTwo(V n);

    /// <summary>The exponent e of a positive normal number a = m · 2ᵉ with 1 ≤ m &lt; 2; unspecified elsewhere.</summary>
    static abstract V Exponent(V a);

    /// <summary>The significand m of a positive normal number a = m · 2ᵉ with 1 ≤ m &lt; 2; unspecified elsewhere.</summary>
    static abstract V Significand(V a);

    /// <summary>The number with the upper half of its significand only, so that the product of two such is exact.</summary>
    /// <remarks>Clears the low 12 (binary32) or 27 (binary64) bits.</remarks>
    static abstract V UpperHalf(V a);

    /// <summary>The sum over the positions, at every position; in a fixed order.</summary>
    static abstract V SumAcross(V a);

    /// <summary>The maximum over the positions, at every position; unspecified where one is NaN.</summary>
    static abstract V MaxAcross(V a);
}
