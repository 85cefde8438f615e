using System.Globalization;

namespace Sam.Gpu.Networks;

/// <summary>A network by name, before its input and output sizes are known: <c>mlp:200-200</c>.</summary>
/// <remarks><c>mlp:WIDTHS[,bias=all|hidden|none]</c>; WIDTHS are the hidden widths joined by hyphens, or nothing for a linear map.</remarks>
public sealed class NetworkSpecification
{
    private enum Biases
    {
        All,
        Hidden,
        None,
    }

    private readonly int[] widths;
    private readonly Biases specifiedBiases;

    private NetworkSpecification(string text, int[] widths, Biases biases)
    {
        Text = text;
        this.widths = widths;
        specifiedBiases = biases;
    }

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> List { get; } =
    [
        ("mlp:W1-W2-…", "dense layers with the hidden widths W1, W2, …; input and output come from the data. 'mlp:' is a linear map"),
        ("mlp:W1-…,bias=hidden", "the same without a bias in the output layer; bias=none: without any"),
    ];

    /// <summary>The specification as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a specification.</summary>
    /// <param name="text">For example <c>mlp:200-200</c>.</param>
    /// <exception cref="UsageException">It is not one.</exception>
    public static NetworkSpecification Parse(string text)
    {
        string[] options = text.Split(',');
        string[] head = options[0].Split(':', 2);
        if (head[0] != "mlp")
        {
            throw Suggestions.Unknown("network", head[0], ["mlp"]);
        }

        var widths = new List<int>();
        string[] given = head.Length == 1 || head[1].Length == 0 ? [] : head[1].Split('-');
        foreach (string width in given)
        {
            if (!int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value is < 1 or > 1_000_000)
            {
                throw new UsageException($"--network {text}: '{width}' is not a width. Give integers from 1 to 1000000, such as mlp:200-200.");
            }

            widths.Add(value);
        }

        var biases = Biases.All;
        foreach (string option in options.Skip(1))
        {
            biases = option switch
            {
                "bias=all" => Biases.All,
                "bias=hidden" => Biases.Hidden,
                "bias=none" => Biases.None,
                _ => throw new UsageException($"--network {text}: '{option}' is not known. Allowed: bias=all, bias=hidden, bias=none."),
            };
        }

        return new NetworkSpecification(text, [.. widths], biases);
    }

    /// <summary>Builds the network.</summary>
    /// <param name="inputs">The numbers an example brings in.</param>
    /// <param name="outputs">The numbers it takes out.</param>
    /// <param name="activation">The name of the activation function behind every hidden layer.</param>
    /// <param name="biases">Which of the dense layers have a bias, from input to output; default as the specification says.</param>
    /// <exception cref="UsageException">There is no such activation function, or the network has more than 2³¹ parameters.</exception>
    /// <exception cref="ArgumentException">There are not as many <paramref name="biases"/> as dense layers.</exception>
    public Network Build(int inputs, int outputs, string activation, IReadOnlyList<bool>? biases = null)
    {
        if (biases is not null && biases.Count != widths.Length + 1)
        {
            throw new ArgumentException($"{biases.Count} biases were given for {widths.Length + 1} dense layers.", nameof(biases));
        }

        var layers = new List<Layer>();
        int size = inputs;
        long parameters = 0;
        for (int i = 0; i <= widths.Length; i++)
        {
            bool isOutput = i == widths.Length;
            int next = isOutput ? outputs : widths[i];
            parameters += ((long)size + 1) * next;
            if (parameters > int.MaxValue)
            {
                throw new UsageException($"--network {Text}: more than {int.MaxValue} parameters. Give smaller widths.");
            }

            layers.Add(new Dense(size, next, biases?[i] ?? HasBias(isOutput)));
            size = next;
            if (!isOutput && Activations.Create(activation, size) is { } layer)
            {
                layers.Add(layer);
            }
        }

        return new Network(layers);
    }

    private bool HasBias(bool isOutput) => specifiedBiases == Biases.All || (specifiedBiases == Biases.Hidden && !isOutput);
}
