using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>A fully connected layer: z = x Wᵀ + b.</summary>
/// <remarks>
/// x is [N, I], z is [N, O] (with P positions an example, N stands for N·P rows), W is [O, I] and b is [O], in this order in θ. With ∂ the gradient and R the derivative in direction k:
/// ∂W = ∂zᵀ x, ∂b = Σ ∂z, ∂x = ∂z W; Rz = Rx Wᵀ + x RWᵀ + Rb; R∂W = R∂zᵀ x + ∂zᵀ Rx, R∂b = Σ R∂z, R∂x = R∂z W + ∂z RW.
/// The K directions make the products wider, not more numerous, where a factor is shared.
/// </remarks>
public sealed class Dense : Layer
{
    private readonly bool hasBias;
    private readonly int positions;
    private readonly int inputs;
    private readonly int outputs;

    /// <summary>Creates the layer.</summary>
    /// <param name="inputs">I ≥ 1.</param>
    /// <param name="outputs">O ≥ 1.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <param name="positions">P ≥ 1, the positions of an example, each of which the layer treats by itself.</param>
    /// <param name="deviation">The standard deviation of the layer's own initialization.</param>
    public Dense(int inputs, int outputs, bool hasBias = true, int positions = 1, double? deviation = null)
        : base(checked(positions * inputs), checked(positions * outputs))
    {
        this.hasBias = hasBias;
        this.positions = positions;
        this.inputs = inputs;
        this.outputs = outputs;
        var weight = new Parameter("weight", [outputs, inputs], 0, inputs, outputs, IsBias: false) { Deviation = deviation };
        Parameters = hasBias ? [weight, new Parameter("bias", [outputs], inputs * outputs, inputs, outputs, IsBias: true)] : [weight];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerState state) => state.Device.Multiply(ForwardProduct(state));

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        AddGradients(state, directions, outputGradient, parameterGradient);
        if (!inputGradient.IsEmpty)
        {
            state.Device.Multiply(InputGradientProduct(state, directions, outputGradient, inputGradient));
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        state.Device.Multiply(TangentForwardProduct(state, tangent));

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        AddGradientTangents(state, tangent, outputGradientTangent, products);
        if (!inputGradientTangent.IsEmpty)
        {
            state.Device.Multiply(InputGradientTangentProduct(state, tangent, outputGradientTangent, inputGradientTangent));
        }
    }

    /// <summary>Pass 1: the product that writes z.</summary>
    internal DeviceProduct ForwardProduct(in LayerState state) => WithBias(
        new DeviceProduct(Input(state), Weight(state).Transposed, Rows(state.Output, state, outputs)), new ParameterBlock(state.Parameters, 0));

    /// <summary>Pass 2, the parameters: ∂W and ∂b are added, where they are asked for.</summary>
    internal void AddGradients(in LayerState state, int directions, DeviceSpan outputGradient, ParameterBlock parameterGradient)
    {
        if (!parameterGradient.Span.IsEmpty)
        {
            state.Device.Multiply(
                Batch(outputGradient, state, outputs).Transposed, Input(state), Weights(parameterGradient), directions, accumulate: true);
            AddBiasGradient(state, directions, outputGradient, parameterGradient);
        }
    }

    /// <summary>Pass 2, the input: the product that writes ∂x.</summary>
    internal DeviceProduct InputGradientProduct(in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient) =>
        new(Stacked(outputGradient, state, directions, outputs), Weight(state), Stacked(inputGradient, state, directions, inputs));

    /// <summary>Pass 3: Rz but for its last product, which is given back.</summary>
    /// <remarks>The last is the one whose left factor all directions share: some rows of them are then written one after the other.</remarks>
    internal DeviceProduct TangentForwardProduct(in LayerState state, in LayerTangent tangent)
    {
        var output = Batch(tangent.Output, state, outputs);
        var weights = Weights(tangent.Parameters).Transposed;
        if (tangent.Input.IsEmpty)
        {
            return WithBias(new DeviceProduct(Input(state), weights, output, tangent.Directions), tangent.Parameters);
        }

        state.Device.Multiply(
            WithBias(
                new DeviceProduct(Batch(tangent.Input, state, inputs), Weight(state).Transposed, output, tangent.Directions), tangent.Parameters));
        return new DeviceProduct(Input(state), weights, output, tangent.Directions, accumulate: true);
    }

    /// <summary>Pass 4, the parameters: R∂W and R∂b are added.</summary>
    internal void AddGradientTangents(
        in LayerState state, in LayerTangent tangent, DeviceSpan outputGradientTangent, ParameterBlock products)
    {
        int directions = tangent.Directions;
        state.Device.Multiply(
            Batch(outputGradientTangent, state, outputs).Transposed, Input(state), Weights(products), directions, accumulate: true);
        if (!tangent.Input.IsEmpty)
        {
            state.Device.Multiply(
                Rows(state.OutputGradient, state, outputs).Transposed, Batch(tangent.Input, state, inputs), Weights(products), directions,
                accumulate: true);
        }

        AddBiasGradient(state, directions, outputGradientTangent, products);
    }

    /// <summary>Pass 4, the input: R∂x but for its last product, which is given back.</summary>
    internal DeviceProduct InputGradientTangentProduct(
        in LayerState state, in LayerTangent tangent, DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent)
    {
        state.Device.Multiply(InputGradientProduct(state, tangent.Directions, outputGradientTangent, inputGradientTangent));
        return new DeviceProduct(
            Rows(state.OutputGradient, state, outputs), Weights(tangent.Parameters), Batch(inputGradientTangent, state, inputs),
            tangent.Directions, accumulate: true);
    }

    private int BiasOffset => inputs * outputs;

    private DeviceMatrix Rows(DeviceSpan span, in LayerState state, int columns) => new(span, state.Examples * positions, columns);

    // One matrix a direction, or all directions below each other in one matrix.
    private DeviceMatrix Batch(DeviceSpan span, in LayerState state, int columns) =>
        new(span, state.Examples * positions, columns, batchStride: state.Examples * positions * columns);

    private DeviceMatrix Stacked(DeviceSpan span, in LayerState state, int directions, int columns) =>
        new(span, directions * state.Examples * positions, columns);

    private DeviceMatrix Input(in LayerState state) => Rows(state.Input, state, inputs);

    private DeviceMatrix Weight(in LayerState state) => new(state.Parameters, outputs, inputs);

    private DeviceMatrix Weights(ParameterBlock block) => new(block.Span, outputs, inputs, batchStride: block.Stride);

    private DeviceProduct WithBias(in DeviceProduct product, ParameterBlock parameters)
    {
        if (!hasBias)
        {
            return product;
        }

        var bias = parameters.From(BiasOffset);
        return product.WithBias(bias.Span, bias.Stride);
    }

    private void AddBiasGradient(in LayerState state, int directions, DeviceSpan outputGradient, ParameterBlock gradient)
    {
        if (hasBias)
        {
            var bias = gradient.From(BiasOffset);
            state.Device.AddColumnSums(outputGradient, outputs, bias.Span, directions, bias.Stride);
        }
    }
}
