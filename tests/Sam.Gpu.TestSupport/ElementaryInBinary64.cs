namespace Sam.Gpu.TestSupport;

/// <summary>The elementary functions in binary64: the oracle of the binary32 lanes, off by less than 1e-6 of their ulp.</summary>
public static class ElementaryInBinary64
{
    private const double Step = 0.375;
    private const int Nodes = 22;

    private static readonly double[] Gaussians = [.. Enumerable.Range(0, Nodes + 1).Select(n => Math.Exp(-n * n * Step * Step))];

    /// <summary>eˣ − 1 (Kahan).</summary>
    public static double ExpM1(double x)
    {
        if (Math.Abs(x) > 0.5)
        {
            return Math.Exp(x) - 1;
        }

        var power = Math.Exp(x);
        return power == 1 ? x : (power - 1) * x / Math.Log(power);
    }

    /// <summary>log(1 + x) (Kahan).</summary>
    public static double Log1P(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>log(1 + eˣ).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    /// <summary>erf x: Maclaurin's series, or 1 − erfc x.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) >= 1)
        {
            return x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        }

        double term = 1, sum = 1;
        for (var n = 1; Math.Abs(term) > 1e-18; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 1.1283791670955126 * x * sum;
    }

    /// <summary>erfc x.</summary>
    public static double Erfc(double x)
    {
        if (x < 0.5)
        {
            return x > -1 ? 1 - Erf(x) : 2 - Erfc(-x);
        }

        return x > 40 ? 0 : Math.Exp(-x * x) * ScaledErfc(x);
    }

    /// <summary>The standard normal distribution function.</summary>
    public static double NormalCdf(double x)
    {
        const double rootOfHalf = 0.7071067811865476;
        if (x > -0.75)
        {
            return x < 0.75 ? 0.5 + (0.5 * Erf(x * rootOfHalf)) : 1 - NormalCdf(-x);
        }

        return x < -50 ? 0 : 0.5 * Math.Exp(-0.5 * x * x) * ScaledErfc(-x * rootOfHalf);
    }

    /// <summary>The standard normal density.</summary>
    public static double NormalDensity(double x) => Math.Exp(-0.5 * x * x) * 0.3989422804014327;

    /// <summary>How far a binary32 number is from a reference, in ulp of binary32 at the reference.</summary>
    /// <remarks>Infinity counts as 2¹²⁸, the number that would follow the largest.</remarks>
    public static double UlpsBetween(float computed, double reference)
    {
        if (float.IsNaN(computed))
        {
            return double.PositiveInfinity;
        }

        var binade = reference == 0 ? -200 : Math.ILogB(reference);
        if (binade > 127 && float.IsInfinity(computed))
        {
            return Math.Sign(computed) == Math.Sign(reference) ? 0 : double.PositiveInfinity;
        }

        var value = float.IsInfinity(computed) ? Math.CopySign(Math.ScaleB(1, 128), computed) : computed;
        return Math.Abs(value - reference) / Math.ScaleB(1, Math.Max(binade - 23, -149));
    }

    /// <summary>exp(t²) erfc(t) for t ≥ ½, by the trapezoidal rule with the pole's residue (Matta and Reichel 1971).</summary>
    private static double ScaledErfc(double t)
    {
        var square = t * t;
        var sum = 1 / square;
        for (var n = 1; n <= Nodes; n++)
        {
            sum += 2 * Gaussians[n] / (square + (n * n * Step * Step));
        }

        var rule = sum * t * Step / Math.PI;
        return t * Step > Math.PI ? rule : rule + (2 / (1 - Math.Exp(2 * Math.PI * t / Step)) * Math.Exp(square));
    }
}
