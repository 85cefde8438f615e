using System.Globalization;

namespace Sam.Gpu.Networks;

/// <summary>A list of layers over one flat parameter vector θ of P numbers. Immutable; holds no numbers.</summary>
public sealed class Network
{
    private readonly int[] offsets;

    /// <summary>Composes a network.</summary>
    /// <param name="layers">The layers from input to output, at least one; each takes in what the one before gives out.</param>
    /// <exception cref="ArgumentException">There is no layer, or two do not fit.</exception>
    public Network(IReadOnlyList<Layer> layers)
    {
        if (layers.Count == 0)
        {
            throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        }

        Layers = layers;
        offsets = new int[layers.Count];
        var parameters = new List<Parameter>();
        for (int i = 0; i < layers.Count; i++)
        {
            if (i > 0 && layers[i].Inputs != layers[i - 1].Outputs)
            {
                throw new ArgumentException(
                    $"Layer {i} takes {layers[i].Inputs} numbers an example, but layer {i - 1} gives {layers[i - 1].Outputs}.", nameof(layers));
            }

            offsets[i] = ParameterCount;
            foreach (var parameter in layers[i].Parameters)
            {
                parameters.Add(parameter with
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"{i}.{parameter.Name}"),
                    Offset = offsets[i] + parameter.Offset,
                });
                ParameterCount = checked(ParameterCount + parameter.Length);
            }
        }

        Parameters = parameters;
    }

    /// <summary>The layers from input to output.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The named parameters, in the order of θ, without gaps.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>P, the length of θ.</summary>
    public int ParameterCount { get; }

    /// <summary>The numbers an example brings in.</summary>
    public int Inputs => Layers[0].Inputs;

    /// <summary>The numbers an example takes out.</summary>
    public int Outputs => Layers[^1].Outputs;

    /// <summary>The index in θ of a layer's first number.</summary>
    /// <param name="layer">The layer's number.</param>
    public int Offset(int layer) => offsets[layer];

    /// <summary>The length of a layer's slice of θ.</summary>
    /// <param name="layer">The layer's number.</param>
    public int Length(int layer) => (layer + 1 < offsets.Length ? offsets[layer + 1] : ParameterCount) - offsets[layer];
}
