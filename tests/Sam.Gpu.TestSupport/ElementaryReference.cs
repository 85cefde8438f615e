namespace Sam.Gpu.TestSupport;

/// <summary>The elementary functions to about 100 bits: the oracle of the binary64 lanes.</summary>
/// <remarks>
/// Methods differ from those of the lanes on purpose: Taylor series with repeated squaring, Newton's method, Maclaurin series, and
/// the trapezoidal rule for erfc (Matta and Reichel 1971). Every argument is finite.
/// </remarks>
public static class ElementaryReference
{
    private const double Step = 0.375;
    private const int Nodes = 22;

    private static readonly DoubleDouble Ln2 = new(0.6931471805599453, 2.3190468138462996e-17);
    private static readonly DoubleDouble Pi = new(3.141592653589793, 1.2246467991473532e-16);
    private static readonly DoubleDouble SquareRootOfHalf = new(0.7071067811865476, -4.833646656726457e-17);
    private static readonly DoubleDouble TwoOverRootPi = new(1.1283791670955126, 1.533545961316588e-17);
    private static readonly DoubleDouble DensityAtZero = new(0.3989422804014327, -2.49232720227773e-17);
    private static readonly DoubleDouble[] Reciprocals = [.. Enumerable.Range(0, 128).Select(n => (DoubleDouble)1 / Math.Max(1, n))];
    private static readonly DoubleDouble[] Gaussians = [.. Enumerable.Range(0, Nodes + 1).Select(n => Value(Exp(Square(n * Step), -1)))];

    /// <summary>eˣ.</summary>
    public static ScaledNumber Exp(double x) => Exp(x, 1);

    /// <summary>eˣ − 1.</summary>
    public static ScaledNumber ExpM1(double x)
    {
        if (IsTiny(x))
        {
            return Tiny(x, 1);
        }

        if (Math.Abs(x) < 0.3)
        {
            return ReducedExpM1(x);
        }

        var power = Exp(x);
        return power.Exponent > 120 ? power : Value(power) - 1;
    }

    /// <summary>log x for x &gt; 0.</summary>
    public static ScaledNumber Log(double x) => LogOf(x);

    /// <summary>log(1 + x) for x &gt; −1.</summary>
    public static ScaledNumber Log1P(double x) => IsTiny(x) ? Tiny(x, 1) : Log1POf(x);

    /// <summary>tanh x.</summary>
    public static ScaledNumber Tanh(double x)
    {
        if (IsTiny(x))
        {
            return Tiny(x, 1);
        }

        if (Math.Abs(x) > 40)
        {
            return (DoubleDouble)Math.Sign(x);
        }

        var grown = ExpM1(2 * x).Significand;
        return grown / (grown + 2);
    }

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static ScaledNumber Sigmoid(double x)
    {
        if (x < -300)
        {
            return Exp(x);
        }

        return x > 300 ? (DoubleDouble)1 : (DoubleDouble)1 / (Value(Exp(-x)) + 1);
    }

    /// <summary>log(1 + eˣ).</summary>
    public static ScaledNumber Softplus(double x)
    {
        if (x < -80)
        {
            return Exp(x);
        }

        return x > 80 ? (DoubleDouble)x : Log1POf(Value(Exp(-Math.Abs(x)))) + Math.Max(x, 0);
    }

    /// <summary>erf x.</summary>
    public static ScaledNumber Erf(double x)
    {
        if (IsTiny(x))
        {
            return Tiny(x, TwoOverRootPi);
        }

        if (Math.Abs(x) < 1)
        {
            return ErfSeries(x);
        }

        var tail = x > 0 ? 1 - Value(Erfc(Math.Min(x, 8))) : Value(Erfc(Math.Min(-x, 8))) - 1;
        return tail;
    }

    /// <summary>erfc x.</summary>
    public static ScaledNumber Erfc(double x)
    {
        if (Math.Abs(x) < 0.5)
        {
            return 1 - ErfSeries(x);
        }

        var argument = Math.Min(Math.Abs(x), 40);
        var power = Exp(Square(argument), -1);
        var tail = new ScaledNumber(power.Significand * ScaledErfc(argument), power.Exponent);
        return x < 0 ? 2 - Value(tail) : tail;
    }

    /// <summary>The standard normal distribution function.</summary>
    public static ScaledNumber NormalCdf(double x)
    {
        if (Math.Abs(x) < 0.75)
        {
            return DoubleDouble.Scale(1 + ErfSeries(SquareRootOfHalf * x), -1);
        }

        var argument = Math.Min(Math.Abs(x), 50);
        var power = Exp(DoubleDouble.Scale(Square(argument), -1), -1);
        var tail = new ScaledNumber(power.Significand * ScaledErfc(SquareRootOfHalf * argument), power.Exponent - 1);
        return x > 0 ? 1 - Value(tail) : tail;
    }

    /// <summary>The standard normal density.</summary>
    public static ScaledNumber NormalDensity(double x)
    {
        var power = Exp(DoubleDouble.Scale(Square(Math.Min(Math.Abs(x), 50)), -1), -1);
        return power with { Significand = power.Significand * DensityAtZero };
    }

    private static bool IsTiny(double x) => Math.Abs(x) < 1e-60;

    private static ScaledNumber Tiny(double x, DoubleDouble slope) => new(slope * Math.ScaleB(x, 200), -200);

    private static DoubleDouble Square(double x) => DoubleDouble.Product(x, x);

    private static DoubleDouble Value(ScaledNumber number) => DoubleDouble.Scale(number.Significand, number.Exponent);

    /// <summary>e^(sign · x).</summary>
    private static ScaledNumber Exp(DoubleDouble x, int sign)
    {
        x = Math.Abs(x.High) > 5000 ? Math.CopySign(5000, x.High) : x;
        x = sign < 0 ? -x : x;
        var n = Math.Round(x.High / Ln2.High);
        return new(ReducedExpM1(x - (Ln2 * n)) + 1, (int)n);
    }

    /// <summary>eʳ − 1 for |r| &lt; ½: Taylor's series of r / 256, then (1 + p)² − 1 eight times.</summary>
    private static DoubleDouble ReducedExpM1(DoubleDouble r)
    {
        r = DoubleDouble.Scale(r, -8);
        DoubleDouble p = 1;
        for (var n = 11; n >= 2; n--)
        {
            p = (p * r * Reciprocals[n]) + 1;
        }

        p *= r;
        for (var n = 0; n < 8; n++)
        {
            p *= p + 2;
        }

        return p;
    }

    private static DoubleDouble LogOf(DoubleDouble x)
    {
        if (Math.Abs(x.High - 1) < 0.0625)
        {
            return Log1PSeries(x - 1);
        }

        var k = Math.ILogB(x.High);
        var m = DoubleDouble.Scale(x, -k);
        var guess = Math.Log(m.High);
        var step = (m * Value(Exp(-guess))) - 1;
        return (Ln2 * k) + guess + step - DoubleDouble.Scale(step * step, -1);
    }

    private static DoubleDouble Log1POf(DoubleDouble x) => Math.Abs(x.High) < 0.0625 ? Log1PSeries(x) : LogOf(x + 1);

    /// <summary>2 artanh(x / (2 + x)) for |x| &lt; 1/16.</summary>
    private static DoubleDouble Log1PSeries(DoubleDouble x)
    {
        var s = x / (x + 2);
        var z = s * s;
        DoubleDouble sum = 0;
        for (var n = 12; n >= 0; n--)
        {
            sum = (sum * z) + Reciprocals[(2 * n) + 1];
        }

        return DoubleDouble.Scale(s * sum, 1);
    }

    private static DoubleDouble ErfSeries(DoubleDouble x)
    {
        var z = -(x * x);
        DoubleDouble term = 1, sum = 1;
        for (var n = 1; Math.Abs(term.High) > 1e-35; n++)
        {
            term = term * z * Reciprocals[n];
            sum += term * Reciprocals[(2 * n) + 1];
        }

        return sum * x * TwoOverRootPi;
    }

    /// <summary>exp(t²) erfc(t) for t ≥ ½, by the trapezoidal rule with the pole's residue.</summary>
    private static DoubleDouble ScaledErfc(DoubleDouble t)
    {
        var square = t * t;
        var sum = (DoubleDouble)1 / square;
        for (var n = 1; n <= Nodes; n++)
        {
            sum += DoubleDouble.Scale(Gaussians[n] / (square + (n * n * Step * Step)), 1);
        }

        var rule = sum * t * Step / Pi;
        if (t.High * Step > Pi.High)
        {
            return rule;
        }

        var residue = (DoubleDouble)2 / (1 - Value(Exp(DoubleDouble.Scale(Pi * t / Step, 1), 1)));
        return rule + (residue * Value(Exp(square, 1)));
    }
}
