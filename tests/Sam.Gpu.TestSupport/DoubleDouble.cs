namespace Sam.Gpu.TestSupport;

/// <summary>An unevaluated sum of two doubles: about 104 bits, for oracles of binary64 arithmetic.</summary>
/// <remarks>Dekker 1971; Hida, Li and Bailey 2001. Relative errors of the operations are a few 2⁻¹⁰⁴.</remarks>
/// <param name="high">The sum, rounded to double.</param>
/// <param name="low">What is left of it.</param>
public readonly struct DoubleDouble(double high, double low)
{
    /// <summary>The sum, rounded to double.</summary>
    public readonly double High = high;

    /// <summary>What is left of it.</summary>
    public readonly double Low = low;

    /// <summary>A double, exactly.</summary>
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>a · b, exactly.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        var high = a * b;
        return new(high, Math.FusedMultiplyAdd(a, b, -high));
    }

    /// <summary>a + b, exactly.</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        var high = a + b;
        var part = high - a;
        return new(high, (a - (high - part)) + (b - part));
    }

    /// <summary>a + b.</summary>
    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        var high = Sum(a.High, b.High);
        var low = Sum(a.Low, b.Low);
        high = Normalized(high.High, high.Low + low.High);
        return Normalized(high.High, high.Low + low.Low);
    }

    /// <summary>a − b.</summary>
    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    /// <summary>−a.</summary>
    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    /// <summary>a · b.</summary>
    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        var product = Product(a.High, b.High);
        return Normalized(product.High, product.Low + ((a.High * b.Low) + (a.Low * b.High)));
    }

    /// <summary>a / b.</summary>
    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        var first = a.High / b.High;
        var rest = a - (b * first);
        var second = rest.High / b.High;
        rest -= b * second;
        return Normalized(first, second) + (rest.High / b.High);
    }

    /// <summary>a · 2ⁿ, exactly unless it over- or underflows.</summary>
    public static DoubleDouble Scale(DoubleDouble a, int n) => new(Math.ScaleB(a.High, n), Math.ScaleB(a.Low, n));

    private static DoubleDouble Normalized(double high, double low)
    {
        var sum = high + low;
        return new(sum, low - (sum - high));
    }
}
