namespace Sam.Gpu.TestSupport;

/// <summary>Activation functions and their derivatives in double on the host, from their definitions: the oracle of the kernels.</summary>
public sealed class ReferenceActivation
{
    private static readonly Dictionary<string, ReferenceActivation> Table = new()
    {
        ["identity"] = new(z => z, _ => 1, _ => 0),
        ["relu"] = new(z => z > 0 ? z : 0, z => z > 0 ? 1 : 0, _ => 0),
        ["tanh"] = new(Math.Tanh, z => 1 / Square(Math.Cosh(z)), z => -2 * Math.Tanh(z) / Square(Math.Cosh(z))),
        ["hardtanh"] = new(z => Math.Clamp(z, -1, 1), z => Math.Abs(z) < 1 ? 1 : 0, _ => 0),
        ["sigmoid"] = new(Logistic, LogisticSlope, z => LogisticSlope(z) * (1 - (2 * Logistic(z)))),
        ["softplus"] = new(z => Math.Max(z, 0) + LogOnePlus(Math.Exp(-Math.Abs(z))), Logistic, LogisticSlope),
        ["elu"] = new(z => z > 0 ? z : ExpMinusOne(z), z => z > 0 ? 1 : Math.Exp(z), z => z > 0 ? 0 : Math.Exp(z)),
        ["swish"] = new(
            z => z * Logistic(z),
            z => Logistic(z) + (z * LogisticSlope(z)),
            z => LogisticSlope(z) * (2 + (z * (1 - (2 * Logistic(z)))))),
        ["gelu"] = new(
            z => z * NormalDistribution(z),
            z => NormalDistribution(z) + (z * NormalDensity(z)),
            z => NormalDensity(z) * (2 - (z * z))),
        ["gelu-tanh"] = new(GeluTanh, GeluTanhSlope, GeluTanhCurvature),
    };

    private ReferenceActivation(Func<double, double> value, Func<double, double> slope, Func<double, double> curvature)
    {
        Value = value;
        Slope = slope;
        Curvature = curvature;
    }

    /// <summary>φ.</summary>
    public Func<double, double> Value { get; }

    /// <summary>φ′; at a kink what PyTorch takes.</summary>
    public Func<double, double> Slope { get; }

    /// <summary>φ″; at a kink what PyTorch takes.</summary>
    public Func<double, double> Curvature { get; }

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => Table.Keys;

    /// <summary>The function of a name.</summary>
    /// <param name="name">The name.</param>
    public static ReferenceActivation Of(string name) => Table[name];

    private static double Square(double x) => x * x;

    private static double Logistic(double z) => z >= 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    private static double LogisticSlope(double z) => Logistic(z) * Logistic(-z);

    private static double ExpMinusOne(double z) => 2 * Math.Exp(z / 2) * Math.Sinh(z / 2);

    // W. Kahan's form: the error of rounding 1 + x is divided out.
    private static double LogOnePlus(double x)
    {
        double sum = 1 + x;
        return sum == 1 ? x : x * Math.Log(sum) / (sum - 1);
    }

    private static double NormalDensity(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    // Marsaglia, "Evaluating the Normal Distribution" (2004): ½ + φ(z) (z + z³/3 + z⁵/15 + …), to 10⁻¹⁵ absolute.
    private static double NormalDistribution(double z)
    {
        if (Math.Abs(z) > 9)
        {
            return z > 0 ? 1 : 0;
        }

        double term = z;
        double sum = 0;
        for (int n = 1; n < 300; n++)
        {
            sum += term;
            term *= z * z / ((2 * n) + 1);
        }

        return 0.5 + (sum * NormalDensity(z));
    }

    private static double Inner(double z) => Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z));

    private static double InnerSlope(double z) => Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * z * z));

    private static double InnerCurvature(double z) => Math.Sqrt(2 / Math.PI) * 6 * 0.044715 * z;

    private static double GeluTanh(double z) => z * Logistic(2 * Inner(z));

    private static double GeluTanhSlope(double z) => Logistic(2 * Inner(z)) + (2 * z * LogisticSlope(2 * Inner(z)) * InnerSlope(z));

    private static double GeluTanhCurvature(double z)
    {
        double slope = LogisticSlope(2 * Inner(z));
        double second = slope * (1 - (2 * Logistic(2 * Inner(z))));
        return (4 * slope * InnerSlope(z)) + (z * ((4 * second * Square(InnerSlope(z))) + (2 * slope * InnerCurvature(z))));
    }
}
