using System.Globalization;

namespace Sam.Gpu.Networks;

/// <summary>A network by name, before its input and output sizes are known, such as <c>mlp:200-200</c>: a family, and what makes one of it.</summary>
/// <remarks><c>FAMILY:WIDTHS[,OPTION=VALUE…]</c>; a family is a class of its own beside this one.</remarks>
public abstract class NetworkSpecification
{
    private static readonly (string Name, Func<string, NetworkSpecification> Parse)[] Families =
    [
        (MlpSpecification.Family, text => new MlpSpecification(text)),
        (CnnSpecification.Family, text => new CnnSpecification(text)),
        (TransformerSpecification.Family, text => new TransformerSpecification(text)),
    ];

    private protected NetworkSpecification(string text) => Text = text;

    /// <summary>Syntax and meaning, to show.</summary>
    public static IReadOnlyList<(string Syntax, string Description)> List { get; } =
        [.. MlpSpecification.Forms, .. CnnSpecification.Forms, .. TransformerSpecification.Forms];

    /// <summary>The specification as it was written.</summary>
    public string Text { get; }

    /// <summary>Whether the network can be built only for inputs of a certain shape, so that the number of inputs is not enough.</summary>
    public virtual bool NeedsInputShape => false;

    /// <summary>The tokens of a sequence that the network takes; null where it does not take tokens.</summary>
    public virtual int? SequenceLength => null;

    /// <summary>Reads a specification.</summary>
    /// <param name="text">For example <c>mlp:200-200</c>.</param>
    /// <exception cref="UsageException">It is not one.</exception>
    public static NetworkSpecification Parse(string text)
    {
        string family = text.Split(',')[0].Split(':', 2)[0];
        foreach (var (name, parse) in Families)
        {
            if (name == family)
            {
                return parse(text);
            }
        }

        throw Suggestions.Unknown("network", family, Families.Select(row => row.Name));
    }

    /// <summary>Builds the network for examples without a shape.</summary>
    /// <inheritdoc cref="Build(IReadOnlyList{int}, int, string, Predicate{string})"/>
    /// <param name="inputs">The numbers an example brings in.</param>
    /// <param name="outputs">The numbers it takes out.</param>
    /// <param name="activation">The name of the activation function of the hidden layers.</param>
    public Network Build(int inputs, int outputs, string activation) => Build([inputs], outputs, activation);

    /// <summary>Builds the network.</summary>
    /// <param name="inputShape">The shape of an example, such as [channels, height, width].</param>
    /// <param name="outputs">The numbers it takes out, of a network of sequences at each position.</param>
    /// <param name="activation">The name of the activation function of the hidden layers.</param>
    /// <param name="hasBias">Whether there is a bias of a name such as <c>0.bias</c>, asked where the specification allows both; null is yes.</param>
    /// <exception cref="UsageException">There is no such activation function, the examples do not suit, or the network is too large.</exception>
    public Network Build(IReadOnlyList<int> inputShape, int outputs, string activation, Predicate<string>? hasBias = null)
    {
        try
        {
            return new Network(Layers(inputShape, outputs, activation, hasBias ?? (_ => true)));
        }
        catch (OverflowException exception)
        {
            throw new UsageException($"--network {Text}: more than {int.MaxValue} parameters, or numbers an example. Give smaller widths.", exception);
        }
    }

    /// <summary>The layers of the network.</summary>
    /// <param name="inputShape">The shape of an example.</param>
    /// <param name="outputs">The numbers it takes out.</param>
    /// <param name="activation">The name of the activation function.</param>
    /// <param name="hasBias">Whether there is a bias of a name.</param>
    private protected abstract IReadOnlyList<Layer> Layers(
        IReadOnlyList<int> inputShape, int outputs, string activation, Predicate<string> hasBias);

    /// <summary>The name of the bias of the layer that comes next.</summary>
    private protected static string BiasOf(List<Layer> layers) => string.Create(CultureInfo.InvariantCulture, $"{layers.Count}.bias");

    /// <summary>The widths behind the colon.</summary>
    private protected int[] ParseWidths(string example)
    {
        string[] head = Text.Split(',')[0].Split(':', 2);
        return head.Length == 1 || head[1].Length == 0 ? [] : [.. head[1].Split('-').Select(width => ParseWidth(width, example))];
    }

    /// <summary>The options behind the widths, KEY=VALUE each.</summary>
    private protected IEnumerable<string> Options => Text.Split(',').Skip(1);

    /// <summary>The error of an option that is not one of those allowed.</summary>
    private protected UsageException UnknownOption(string option, string allowed) => new($"--network {Text}: '{option}' is not known. Allowed: {allowed}.");

    private int ParseWidth(string width, string example) =>
        int.TryParse(width, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= 1_000_000
            ? value
            : throw new UsageException($"--network {Text}: '{width}' is not a width. Give integers from 1 to 1000000, such as {example}.");
}
