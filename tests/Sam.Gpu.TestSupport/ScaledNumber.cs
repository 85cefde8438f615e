namespace Sam.Gpu.TestSupport;

/// <summary>significand · 2^exponent: a reference value that neither over- nor underflows.</summary>
/// <param name="Significand">A number of moderate size.</param>
/// <param name="Exponent">The power of two.</param>
public readonly record struct ScaledNumber(DoubleDouble Significand, int Exponent)
{
    /// <summary>A number as it is.</summary>
    public static implicit operator ScaledNumber(DoubleDouble value) => new(value, 0);

    /// <summary>How far a binary64 number is from this one, in ulp of binary64 at this one.</summary>
    /// <remarks>Infinity counts as 2¹⁰²⁴, the number that would follow the largest.</remarks>
    public double UlpsFrom(double computed)
    {
        if (double.IsNaN(computed))
        {
            return double.PositiveInfinity;
        }

        if (Significand.High == 0)
        {
            return Math.Abs(computed) / double.Epsilon;
        }

        var binade = Math.ILogB(Significand.High) + Exponent;
        if (binade > 1023 && double.IsInfinity(computed))
        {
            return Math.Sign(computed) == Math.Sign(Significand.High) ? 0 : double.PositiveInfinity;
        }

        var scaled = double.IsInfinity(computed)
            ? Math.CopySign(Math.ScaleB(1, 1024 - Exponent), computed)
            : Math.ScaleB(computed, -Exponent);
        var difference = scaled - Significand.High - Significand.Low;
        return Math.Abs(Math.ScaleB(difference, Exponent - Math.Max(binade - 52, -1074)));
    }
}
