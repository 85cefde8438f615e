namespace Sam.Gpu.Data;

/// <summary>Functions made of +, -, *, / alone, which IEEE 754 rounds alike everywhere: the same bits on every machine.</summary>
/// <remarks>
/// System.Math calls the C library of the machine, and these differ in the last bit. The polynomials are those of
/// fdlibm 5.3 (Sun Microsystems, e_log.c, k_sin.c, k_cos.c); the error is below 1 ulp for the logarithm. The .NET
/// compiler never fuses a product with a sum by itself, so what is written here is what is computed.
/// </remarks>
internal static class PortableMath
{
    /// <summary>The natural logarithm of a positive, finite, normal number.</summary>
    public static double Log(double value)
    {
        const double Ln2High = 6.93147180369123816490e-01;
        const double Ln2Low = 1.90821492927058770002e-10;
        const double L1 = 6.666666666666735130e-01;
        const double L2 = 3.999999999940941908e-01;
        const double L3 = 2.857142874366239149e-01;
        const double L4 = 2.222219843214978396e-01;
        const double L5 = 1.818357216161805012e-01;
        const double L6 = 1.531383769920937332e-01;
        const double L7 = 1.479819860511658591e-01;
        const double SquareRootOf2 = 1.4142135623730951;

        // value = 2^exponent * mantissa with the mantissa between the square roots of 1/2 and of 2.
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
        if (mantissa > SquareRootOf2)
        {
            mantissa *= 0.5;
            exponent++;
        }

        var f = mantissa - 1;
        var s = f / (2 + f);
        var z = s * s;
        var w = z * z;
        var even = w * (L2 + (w * (L4 + (w * L6))));
        var odd = z * (L1 + (w * (L3 + (w * (L5 + (w * L7))))));
        var halfSquare = 0.5 * f * f;
        return (exponent * Ln2High) - (halfSquare - ((s * (halfSquare + even + odd)) + (exponent * Ln2Low)) - f);
    }

    /// <summary>cos(2π turns), for turns in [0, 1).</summary>
    public static double CosineOfTurns(double turns)
    {
        // The nearest quarter turn is taken off exactly; what is left is at most an eighth of a turn.
        var quarter = (int)((turns * 4) + 0.5);
        var angle = 2 * Math.PI * (turns - (quarter * 0.25));
        return (quarter & 3) switch
        {
            0 => Cosine(angle),
            1 => -Sine(angle),
            2 => -Cosine(angle),
            _ => Sine(angle),
        };
    }

    private static double Sine(double x)
    {
        const double S1 = -1.66666666666666324348e-01;
        const double S2 = 8.33333333332248946124e-03;
        const double S3 = -1.98412698298579493134e-04;
        const double S4 = 2.75573137070700676789e-06;
        const double S5 = -2.50507602534068634195e-08;
        const double S6 = 1.58969099521155010221e-10;
        var z = x * x;
        return x + (x * z * (S1 + (z * (S2 + (z * (S3 + (z * (S4 + (z * (S5 + (z * S6)))))))))));
    }

    private static double Cosine(double x)
    {
        const double C1 = 4.16666666666666019037e-02;
        const double C2 = -1.38888888888741095749e-03;
        const double C3 = 2.48015872894767294178e-05;
        const double C4 = -2.75573143513906633035e-07;
        const double C5 = 2.08757232129817482790e-09;
        const double C6 = -1.13596475577881948265e-11;
        var z = x * x;
        var half = 0.5 * z;
        var head = 1 - half;
        var tail = z * z * (C1 + (z * (C2 + (z * (C3 + (z * (C4 + (z * (C5 + (z * C6))))))))));
        return head + ((1 - head - half) + tail);
    }
}
