using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>A residual connection around a network f: y = x + f(x).</summary>
/// <remarks>∂x = ∂y + f's; Ry = Rx + f's; R∂x = R∂y + f's.</remarks>
public sealed class Residual : Layer
{
    private readonly Network body;

    /// <summary>Creates the layer.</summary>
    /// <param name="layers">The layers of f; it gives out as many numbers as it takes in.</param>
    /// <exception cref="ArgumentException">It does not, or there is no layer, or two do not fit.</exception>
    public Residual(params IReadOnlyList<Layer> layers)
        : base(layers.Count > 0 ? layers[0].Inputs : 1, layers.Count > 0 ? layers[^1].Outputs : 1)
    {
        body = new Network(layers);
        if (Inputs != Outputs)
        {
            throw new ArgumentException($"{Inputs} numbers an example come in and {Outputs} go out; a residual connection needs as many.", nameof(layers));
        }
    }

    /// <summary>The layers of f.</summary>
    public IReadOnlyList<Layer> Layers => body.Layers;

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters => body.Parameters;

    /// <summary>The body's, and its output: a layer at its end may look back at that.</summary>
    public override int MemorySize => checked(body.MemorySize + Outputs);

    /// <inheritdoc/>
    public override int TangentMemorySize => body.TangentMemorySize;

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) => body.Workspace(examples, directions);

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        var inner = Inner(state);
        body.Forward(inner);
        state.Device.AddScaled(1, state.Input, inner.Output, state.Output);
    }

    /// <inheritdoc/>
    public override void Backward(in LayerState state, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        body.Backward(Inner(state), inputGradient, parameterGradient);
        Add(state.Device, state.OutputGradient, inputGradient);
    }

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        body.BackwardBlock(Inner(state), directions, outputGradient, inputGradient, parameterGradient);
        Add(state.Device, outputGradient, inputGradient);
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        body.TangentForward(Inner(state), tangent);
        if (!tangent.Input.IsEmpty)
        {
            Add(state.Device, tangent.Input, tangent.Output);
        }
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        body.TangentBackward(Inner(state), tangent, outputGradientTangent, inputGradientTangent, products);
        Add(state.Device, outputGradientTangent, inputGradientTangent);
    }

    private static void Add(Device device, DeviceSpan x, DeviceSpan y)
    {
        if (!y.IsEmpty)
        {
            device.AddScaled(1, x, y, y);
        }
    }

    private LayerState Inner(in LayerState state)
    {
        int memory = state.Examples * body.MemorySize;
        return state with { Output = state.Memory.Slice(memory, state.Examples * Outputs), Memory = state.Memory.Slice(0, memory) };
    }
}
