using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>A list of layers over one flat parameter vector θ of P numbers, itself a layer. Immutable; holds no numbers.</summary>
/// <remarks>
/// The outputs of the inner layers and their gradients are its memory, and their tangents its tangent memory. A gradient's tangent in pass 4,
/// or a block's gradient in pass 2, is needed by the next layer alone: two arrays of the workspace take turns. A dense layer and the activation
/// beside it go through a pass together. Where the input does not
/// depend on θ, passes 2 to 4 leave out what lies below the first layer with parameters.
/// </remarks>
public sealed class Network : Layer
{
    private readonly int[] offsets;

    // The first numbers, an example, of a layer's output, of that output's gradient and of the layer's own memory; and so for tangents.
    private readonly int[] valueOffsets;
    private readonly int[] memoryOffsets;
    private readonly int[] tangentOffsets;
    private readonly int[] tangentMemoryOffsets;
    private readonly int firstWithParameters;
    private readonly int widest;

    /// <summary>Composes a network.</summary>
    /// <param name="layers">The layers from input to output, at least one; each takes in what the one before gives out.</param>
    /// <exception cref="ArgumentException">There is no layer, or two do not fit.</exception>
    public Network(IReadOnlyList<Layer> layers)
        : base(layers.Count > 0 ? layers[0].Inputs : 1, layers.Count > 0 ? layers[^1].Outputs : 1)
    {
        if (layers.Count == 0)
        {
            throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        }

        Layers = layers;
        offsets = new int[layers.Count];
        valueOffsets = new int[layers.Count];
        memoryOffsets = new int[layers.Count];
        tangentOffsets = new int[layers.Count];
        tangentMemoryOffsets = new int[layers.Count];
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

            // The last layer's output is the network's, for which the caller has memory.
            int own = i + 1 < layers.Count ? layers[i].Outputs : 0;
            valueOffsets[i] = MemorySize;
            memoryOffsets[i] = checked(MemorySize + (2 * own));
            MemorySize = checked(memoryOffsets[i] + layers[i].MemorySize);
            tangentOffsets[i] = TangentMemorySize;
            tangentMemoryOffsets[i] = checked(TangentMemorySize + own);
            TangentMemorySize = checked(tangentMemoryOffsets[i] + layers[i].TangentMemorySize);
            widest = Math.Max(widest, own);
        }

        Parameters = parameters;
        firstWithParameters = Enumerable.Range(0, layers.Count).FirstOrDefault(i => layers[i].Parameters.Count > 0, layers.Count);
    }

    /// <summary>The layers from input to output.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>The named parameters, in the order of θ, without gaps.</summary>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>P, the length of θ.</summary>
    public int ParameterCount { get; }

    /// <inheritdoc/>
    public override int MemorySize { get; }

    /// <inheritdoc/>
    public override int TangentMemorySize { get; }

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) =>
        (2L * directions * examples * widest) + Layers.Max(layer => layer.Workspace(examples, directions));

    /// <summary>The index in θ of a layer's first number.</summary>
    /// <param name="layer">The layer's number.</param>
    public int Offset(int layer) => offsets[layer];

    /// <summary>The length of a layer's slice of θ.</summary>
    /// <param name="layer">The layer's number.</param>
    public int Length(int layer) => (layer + 1 < offsets.Length ? offsets[layer + 1] : ParameterCount) - offsets[layer];

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            if (IsPair(i, i + 1, out var dense, out var above))
            {
                above.ForwardAfter(dense.ForwardProduct(State(state, i, 0)), State(state, i + 1, 0));
                i++;
            }
            else
            {
                Layers[i].Forward(State(state, i, 0));
            }
        }
    }

    /// <inheritdoc/>
    public override void Backward(in LayerState state, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        int first = inputGradient.IsEmpty ? firstWithParameters : 0;
        for (int i = Layers.Count - 1; i >= first; i--)
        {
            // Also where nobody asks for anything: a network in this one stores its gradients for pass 4.
            var input = i > first ? Gradient(state, i - 1) : inputGradient;
            var inner = State(state, i, 0);
            var slice = Slice(parameterGradient, i, 1);
            if (IsPairBelow(i, first, inputGradient, out var dense, out var below))
            {
                dense.AddGradients(inner, 1, inner.OutputGradient, slice);
                i--;
                var product = dense.InputGradientProduct(inner, 1, inner.OutputGradient, input);
                below.BackwardBlockAfter(product, State(state, i, 0), 1, input, i > first ? Gradient(state, i - 1) : inputGradient);
            }
            else
            {
                Layers[i].Backward(inner, input, slice);
            }
        }
    }

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        int first = inputGradient.IsEmpty ? firstWithParameters : 0;
        var output = outputGradient;
        int turn = 0;
        for (int i = Layers.Count - 1; i >= first; i--)
        {
            var input = i > first ? Turn(state, turn++, i - 1, directions) : inputGradient;
            var inner = State(state, i, directions);
            var slice = Slice(parameterGradient, i, directions);
            if (IsPairBelow(i, first, inputGradient, out var dense, out var below))
            {
                dense.AddGradients(inner, directions, output, slice);
                i--;
                var product = dense.InputGradientProduct(inner, directions, output, input);
                output = i > first ? input : inputGradient;
                below.BackwardBlockAfter(product, State(state, i, directions), directions, input, output);
            }
            else
            {
                Layers[i].BackwardBlock(inner, directions, output, input, slice);
                output = input;
            }
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        int first = tangent.Input.IsEmpty ? firstWithParameters : 0;
        for (int i = first; i < Layers.Count; i++)
        {
            var inner = State(state, i, tangent.Directions);
            var innerTangent = Tangent(state, tangent, i, first);
            if (IsPair(i, i + 1, out var dense, out var above))
            {
                i++;
                above.TangentForwardAfter(
                    dense.TangentForwardProduct(inner, innerTangent), State(state, i, tangent.Directions), Tangent(state, tangent, i, first));
            }
            else
            {
                Layers[i].TangentForward(inner, innerTangent);
            }
        }
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        int first = tangent.Input.IsEmpty ? firstWithParameters : 0;
        var output = outputGradientTangent;
        int turn = 0;
        for (int i = Layers.Count - 1; i >= first; i--)
        {
            var input = i > first ? Turn(state, turn++, i - 1, tangent.Directions) : inputGradientTangent;
            var inner = State(state, i, tangent.Directions);
            var innerTangent = Tangent(state, tangent, i, first);
            var slice = Slice(products, i, tangent.Directions);
            if (IsPairBelow(i, first, inputGradientTangent, out var dense, out var below))
            {
                dense.AddGradientTangents(inner, innerTangent, output, slice);
                i--;
                var product = dense.InputGradientTangentProduct(inner, innerTangent, output, input);
                output = i > first ? input : inputGradientTangent;
                below.TangentBackwardAfter(
                    product, State(state, i, tangent.Directions), Tangent(state, tangent, i, first), input, output);
            }
            else
            {
                Layers[i].TangentBackward(inner, innerTangent, output, input, slice);
                output = input;
            }
        }
    }

    // Going down, where the gradient of the element-wise layer's own input is asked for.
    private bool IsPairBelow(
        int i, int first, DeviceSpan inputGradient, [NotNullWhen(true)] out Dense? dense, [NotNullWhen(true)] out ElementLayer? below)
    {
        (dense, below) = (null, null);
        return i > (inputGradient.IsEmpty ? first + 1 : first) && IsPair(i, i - 1, out dense, out below);
    }

    // A dense layer whose last matrix product writes what an element-wise layer beside it takes in: the two are one pass over memory.
    private bool IsPair(int i, int beside, [NotNullWhen(true)] out Dense? dense, [NotNullWhen(true)] out ElementLayer? elements)
    {
        dense = Layers[i] as Dense;
        elements = beside < Layers.Count ? Layers[beside] as ElementLayer : null;
        return dense is not null && elements is not null;
    }

    // With K directions, the two arrays that take turns lie at the beginning of the workspace.
    private LayerState State(in LayerState state, int i, int directions) => new()
    {
        Device = state.Device,
        Examples = state.Examples,
        Parameters = state.Parameters.Slice(offsets[i], Length(i)),
        Input = i == 0 ? state.Input : Value(state, i - 1),
        Source = state.Source,
        Output = Value(state, i),
        OutputGradient = Gradient(state, i),
        Memory = Part(state.Memory, state.Examples, memoryOffsets[i], Layers[i].MemorySize),
        Workspace = state.Workspace.Slice(2 * directions * state.Examples * widest),
    };

    private LayerTangent Tangent(in LayerState state, in LayerTangent tangent, int i, int first)
    {
        int rows = tangent.Directions * state.Examples;
        return new LayerTangent
        {
            Directions = tangent.Directions,
            Parameters = Slice(tangent.Parameters, i, tangent.Directions),
            Input = i == first ? tangent.Input : Part(tangent.Memory, rows, tangentOffsets[i - 1], Layers[i - 1].Outputs),
            Output = IsLast(i) ? tangent.Output : Part(tangent.Memory, rows, tangentOffsets[i], Layers[i].Outputs),
            Memory = Part(tangent.Memory, rows, tangentMemoryOffsets[i], Layers[i].TangentMemorySize),
        };
    }

    private bool IsLast(int i) => i == Layers.Count - 1;

    private DeviceSpan Value(in LayerState state, int i) =>
        IsLast(i) ? state.Output : Part(state.Memory, state.Examples, valueOffsets[i], Layers[i].Outputs);

    private DeviceSpan Gradient(in LayerState state, int i) =>
        IsLast(i) ? state.OutputGradient : Part(state.Memory, state.Examples, valueOffsets[i] + Layers[i].Outputs, Layers[i].Outputs);

    private DeviceSpan Turn(in LayerState state, int turn, int i, int directions)
    {
        int rows = directions * state.Examples;
        return state.Workspace.Slice(turn % 2 * rows * widest, rows * Layers[i].Outputs);
    }

    private static DeviceSpan Part(DeviceSpan memory, int rows, int offset, int size) =>
        size == 0 ? default : memory.Slice(rows * offset, rows * size);

    private ParameterBlock Slice(ParameterBlock block, int i, int directions) =>
        block.Span.IsEmpty || Length(i) == 0
            ? default
            : new(block.Span.Slice(offsets[i], ((directions - 1) * block.Stride) + Length(i)), block.Stride);
}
