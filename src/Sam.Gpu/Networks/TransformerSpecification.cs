using System.Globalization;

namespace Sam.Gpu.Networks;

/// <summary>A causal transformer over tokens: <c>transformer[:layers=6,heads=8,key=32,model=128,sequence=64]</c>; the defaults are these.</summary>
/// <remarks>
/// <para>
/// Embedding and learned positions; then <c>layers</c> times a residual connection around (layer norm, queries, keys and values, causal
/// attention, output) and one around (layer norm, dense to 4 · model, activation, dense); then a layer norm and a dense layer to the
/// vocabulary, whose weights are its own. ε is 1e-5. With <c>gelu-tanh</c>, which is JAX's gelu, it is the network of Long and Bartlett's code
/// (google-deepmind/sam_edge), and so is its own initialization, <c>network</c>.
/// </para>
/// <para>
/// Parameters are named as in an nn.Sequential whose residual connections are nn.Sequential themselves: <c>0.weight</c> and <c>0.positions</c>,
/// <c>1.0.weight</c> the first layer norm, <c>1.1</c> queries, keys and values [3 · heads · key, model], <c>1.3</c> the output, and so on.
/// </para>
/// </remarks>
internal sealed class TransformerSpecification : NetworkSpecification
{
    /// <summary>The name before the colon.</summary>
    public const string Family = "transformer";

    // haiku's and PyTorch's.
    private const double NormEpsilon = 1e-5;
    private const double EmbeddingDeviation = 0.02;
    private const int Widening = 4;

    // The order is that of the fields below.
    private static readonly string[] Keys = ["layers", "heads", "key", "model", "sequence"];

    private readonly int layers;
    private readonly int heads;
    private readonly int key;
    private readonly int model;
    private readonly int sequence;

    /// <summary>Reads a specification.</summary>
    public TransformerSpecification(string text)
        : base(text)
    {
        int[] values = [6, 8, 32, 128, 64];
        string[] head = text.Split(':', 2);
        foreach (string option in head.Length == 1 || head[1].Length == 0 ? [] : head[1].Split(','))
        {
            string[] parts = option.Split('=', 2);
            int i = Array.IndexOf(Keys, parts[0]);
            if (i < 0 || parts.Length == 1)
            {
                throw UnknownOption(option, string.Join(", ", Keys.Select(name => name + "=N")));
            }

            values[i] = int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 100_000
                ? value
                : throw new UsageException($"--network {text}: {parts[0]} '{parts[1]}' is not allowed. Give an integer from 1 to 100000.");
        }

        (layers, heads, key, model, sequence) = (values[0], values[1], values[2], values[3], values[4]);
    }

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> Forms { get; } =
    [
        ("transformer:KEY=N,…", "a causal transformer over tokens, for text: layers=6, heads=8, key=32 (numbers of a head), model=128, sequence=64"),
    ];

    /// <inheritdoc/>
    public override bool NeedsInputShape => true;

    /// <inheritdoc/>
    public override int? SequenceLength => sequence;

    private protected override IReadOnlyList<Layer> Layers(
        IReadOnlyList<int> inputShape, int outputs, string activation, Predicate<string> hasBias)
    {
        if (!inputShape.SequenceEqual([sequence]))
        {
            throw new UsageException(
                $"--network {Text} needs sequences of {sequence} tokens; the examples have the shape [{string.Join(", ", inputShape)}]. "
                + "Use --data text:FILE, or give sequence= their length.");
        }

        int width = heads * key;
        double scale = 2.0 / layers;
        var network = new List<Layer> { new Embedding(outputs, sequence, model, EmbeddingDeviation) };
        for (int i = 0; i < layers; i++)
        {
            network.Add(new Residual(
                Norm(), Scaled(model, checked(3 * width)), new CausalAttention(heads, key, sequence), Scaled(width, model)));
            List<Layer> perceptron = [Norm(), Scaled(model, checked(Widening * model))];
            if (Activations.Create(activation, checked(Widening * model * sequence)) is { } layer)
            {
                perceptron.Add(layer);
            }

            network.Add(new Residual([.. perceptron, Scaled(Widening * model, model)]));
        }

        return [.. network, Norm(), new Dense(model, outputs, positions: sequence, deviation: 1 / Math.Sqrt(model))];

        LayerNorm Norm() => new(model, NormEpsilon, sequence);

        // haiku's VarianceScaling makes up for what the cut takes from the variance; its default for a linear layer does not.
        Dense Scaled(int from, int to) =>
            new(from, to, positions: sequence, deviation: Math.Sqrt(scale / from) / Initialization.TruncatedDeviation);
    }
}
