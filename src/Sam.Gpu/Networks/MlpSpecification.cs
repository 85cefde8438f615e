namespace Sam.Gpu.Networks;

/// <summary>Dense layers with an activation function between them: <c>mlp:WIDTHS[,bias=all|hidden|none]</c>.</summary>
/// <remarks>WIDTHS are the hidden widths joined by hyphens, or nothing for a linear map.</remarks>
internal sealed class MlpSpecification : NetworkSpecification
{
    /// <summary>The name before the colon.</summary>
    public const string Family = "mlp";

    private enum Biases
    {
        All,
        Hidden,
        None,
    }

    private readonly int[] widths;
    private readonly Biases biases;

    /// <summary>Reads a specification.</summary>
    public MlpSpecification(string text)
        : base(text)
    {
        widths = ParseWidths("mlp:200-200");
        foreach (string option in Options)
        {
            biases = option switch
            {
                "bias=all" => Biases.All,
                "bias=hidden" => Biases.Hidden,
                "bias=none" => Biases.None,
                _ => throw UnknownOption(option, "bias=all, bias=hidden, bias=none"),
            };
        }
    }

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> Forms { get; } =
    [
        ("mlp:W1-W2-…", "dense layers with the hidden widths W1, W2, …; input and output come from the data. 'mlp:' is a linear map"),
        ("mlp:W1-…,bias=hidden", "the same without a bias in the output layer; bias=none: without any"),
    ];

    private protected override IReadOnlyList<Layer> Layers(
        IReadOnlyList<int> inputShape, int outputs, string activation, Predicate<string> hasBias)
    {
        var layers = new List<Layer>();
        int size = inputShape.Aggregate(1, (product, length) => checked(product * length));
        for (int i = 0; i <= widths.Length; i++)
        {
            bool isOutput = i == widths.Length;
            bool isAllowed = biases == Biases.All || (biases == Biases.Hidden && !isOutput);
            int next = isOutput ? outputs : widths[i];
            layers.Add(new Dense(size, next, isAllowed && hasBias(BiasOf(layers))));
            size = next;
            if (!isOutput && Activations.Create(activation, size) is { } layer)
            {
                layers.Add(layer);
            }
        }

        return layers;
    }
}
