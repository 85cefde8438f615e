using System.Globalization;
using Sam.Gpu.Data;

namespace Sam.Gpu.Networks;

/// <summary>How the parameters of a network begin: a distribution for each weight from its fan-in I and fan-out O.</summary>
/// <remarks>
/// <para>
/// <c>pytorch</c>: weights and biases uniform on ±1/√I, the default of PyTorch's Linear. <c>glorot-normal</c>, <c>glorot-uniform</c>:
/// standard deviation √(2/(I + O)) (Glorot and Bengio, 2010). <c>he-normal</c>, <c>he-uniform</c>: standard deviation √(2/I) (He et al.,
/// 2015). <c>normal:S</c>: standard deviation S. All but the first have biases of zero; a uniform distribution of standard deviation s is
/// on ±s√3.
/// </para>
/// <para>
/// JAX and its libraries cut normal distributions off at two standard deviations. <c>glorot-truncated</c>, their "Glorot normal", and
/// <c>variance-scaling:S</c>, standard deviation √(S/I), make up for what that takes from the variance, by the factor 1/0.8796; haiku's
/// <c>truncated-normal:S</c> does not. <c>network</c> is what google-deepmind/sam_edge has for the network: for a transformer
/// <c>truncated-normal:0.02</c> for embeddings and positions, <c>variance-scaling</c> by 2/layers within the blocks and haiku's default,
/// <c>truncated-normal</c> by 1/√I, at the output; for others <c>glorot-truncated</c>.
/// </para>
/// <para>
/// Numbers behind the name, joined by hyphens, belong to the weights in order, the last to all that follow: gains, or for <c>normal</c> the
/// standard deviations. The numbers come from the substream "init" of the seed, a stream for each parameter: the same on every device,
/// and the first layers' do not depend on the last ones.
/// </para>
/// </remarks>
public sealed class Initialization
{
    private static readonly string[] Names = 
    [
        "pytorch", "glorot-normal", "glorot-uniform", GlorotTruncated, "he-normal", "he-uniform", "normal", TruncatedNormal, VarianceScaling, OfNetwork,
    ];

    private const string GlorotTruncated = "glorot-truncated";
    private const string TruncatedNormal = "truncated-normal";
    private const string VarianceScaling = "variance-scaling";
    private const string OfNetwork = "network";

    // The standard deviation of a standard normal distribution cut off at ±2.
    internal const double TruncatedDeviation = 0.87962566103423978;

    private readonly string name;
    private readonly double[] factors;

    private Initialization(string text, string name, double[] factors)
    {
        Text = text;
        this.name = name;
        this.factors = factors;
    }

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> List { get; } =
    [
        ("pytorch", "uniform on ±1/√fan-in, biases too: the default of PyTorch's Linear"),
        ("glorot-normal[:GAIN-…]", "normal, standard deviation gain · √(2/(fan-in + fan-out)); biases zero"),
        ("glorot-uniform[:GAIN-…]", "uniform with the same standard deviation; biases zero"),
        ("glorot-truncated[:GAIN-…]", "the same standard deviation, normal cut off at two of its deviations: JAX's Glorot normal; biases zero"),
        ("he-normal[:GAIN-…]", "normal, standard deviation gain · √(2/fan-in); biases zero"),
        ("he-uniform[:GAIN-…]", "uniform with the same standard deviation; biases zero"),
        ("normal:S[-…]", "normal with standard deviation S, one for each layer or one for all; biases zero"),
        ("truncated-normal:S[-…]", "normal of deviation S cut off at ±2 S, as haiku's TruncatedNormal; biases zero"),
        ("variance-scaling:S[-…]", "standard deviation √(S/fan-in), normal cut off at two of its deviations: haiku's VarianceScaling; biases zero"),
        ("network", "that of the network in the paper's code: of a transformer truncated normals of its own, of others glorot-truncated"),
    ];

    /// <summary>The initialization as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an initialization.</summary>
    /// <param name="text">For example <c>glorot-normal</c> or <c>glorot-normal:1.9-1</c>.</param>
    /// <exception cref="UsageException">It is not one.</exception>
    public static Initialization Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        if (!Names.Contains(parts[0]))
        {
            throw Suggestions.Unknown("initialization", parts[0], Names);
        }

        double[] factors = parts.Length == 1 ? [] : [.. parts[1].Split('-').Select(factor => ParseFactor(text, factor))];
        if (parts[0] is "normal" or TruncatedNormal or VarianceScaling && factors.Length == 0)
        {
            string number = parts[0] == VarianceScaling ? "scale" : "standard deviation";
            throw new UsageException($"--initialization {text}: give the {number}, such as {parts[0]}:0.1, or one a layer, such as {parts[0]}:0.2-0.1.");
        }

        if (parts[0] is "pytorch" or OfNetwork && factors.Length > 0)
        {
            throw new UsageException($"--initialization {text}: {parts[0]} takes no gain.");
        }

        return new Initialization(text, parts[0], factors);
    }

    /// <summary>Draws the parameters of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <returns>θ, [P].</returns>
    /// <exception cref="UsageException">There are more numbers behind the name than the network has weights.</exception>
    public double[] Draw(Network network, ulong seed)
    {
        int weights = network.Parameters.Count(parameter => !parameter.IsBias);
        if (factors.Length > weights)
        {
            throw new UsageException(
                $"--initialization {Text}: {factors.Length} numbers for {weights} layers. Give one a layer, or fewer: the last serves all that follow.");
        }

        var parameters = new double[network.ParameterCount];
        int weight = 0;
        for (int i = 0; i < network.Parameters.Count; i++)
        {
            var parameter = network.Parameters[i];
            var numbers = parameters.AsSpan(parameter.Offset, parameter.Length);
            var random = new RandomStream(seed, "init", (ulong)i);
            if (parameter.Start is { } start)
            {
                numbers.Fill(start);
            }
            else if (name == "pytorch")
            {
                FillUniform(numbers, 1 / Math.Sqrt(parameter.FanIn), random);
            }
            else if (!parameter.IsBias)
            {
                double deviation = name == VarianceScaling
                    ? Math.Sqrt(Factor(weight) / parameter.FanIn)
                    : Factor(weight) * Deviation(parameter);
                switch (name)
                {
                    case "glorot-uniform" or "he-uniform":
                        FillUniform(numbers, deviation * Math.Sqrt(3), random);
                        break;
                    case OfNetwork when parameter.Deviation is { } own:
                        FillTruncatedNormal(numbers, own, random);
                        break;
                    case GlorotTruncated or VarianceScaling or OfNetwork:
                        FillTruncatedNormal(numbers, deviation / TruncatedDeviation, random);
                        break;
                    case TruncatedNormal:
                        FillTruncatedNormal(numbers, deviation, random);
                        break;
                    default:
                        FillNormal(numbers, deviation, random);
                        break;
                }
            }

            weight += parameter.IsBias ? 0 : 1;
        }

        return parameters;
    }

    private static double ParseFactor(string text, string factor) =>
        double.TryParse(factor, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value
            : throw new UsageException($"--initialization {text}: '{factor}' is not a number ≥ 0. Join the numbers of the layers by hyphens, such as 1.9-1.");

    private static void FillUniform(Span<double> numbers, double bound, RandomStream random)
    {
        foreach (ref double number in numbers)
        {
            number = ((2 * random.NextDouble()) - 1) * bound;
        }
    }

    private static void FillNormal(Span<double> numbers, double deviation, RandomStream random)
    {
        foreach (ref double number in numbers)
        {
            number = random.NextGaussian() * deviation;
        }
    }

    private static void FillTruncatedNormal(Span<double> numbers, double deviation, RandomStream random)
    {
        foreach (ref double number in numbers)
        {
            do
            {
                number = random.NextGaussian();
            }
            while (Math.Abs(number) > 2);

            number *= deviation;
        }
    }

    private double Factor(int weight) => factors.Length == 0 ? 1 : factors[Math.Min(weight, factors.Length - 1)];

    private double Deviation(Parameter parameter) => name switch
    {
        "normal" or TruncatedNormal => 1,
        "he-normal" or "he-uniform" => Math.Sqrt(2.0 / parameter.FanIn),
        _ => Math.Sqrt(2.0 / (parameter.FanIn + parameter.FanOut)),
    };
}
