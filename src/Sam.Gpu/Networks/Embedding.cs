using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>Token embedding with learned positions: z[n, t] = E[token(n, t)] + S[t].</summary>
/// <remarks>
/// E is [V, M] and S is [T, M], in this order in θ; the input is [N, T] token numbers, 0 … V − 1, which depend on no parameter. With X the
/// tokens as one-hot rows, [N·T, V], z = X E + S, linear in θ: ∂E = Xᵀ ∂z, ∂S = Σ ∂z; Rz = X RE + RS; R∂E = Xᵀ R∂z, R∂S = Σ R∂z. X is made
/// anew for each pass.
/// </remarks>
public sealed class Embedding : Layer
{
    private readonly int vocabulary;
    private readonly int width;

    /// <summary>Creates the layer.</summary>
    /// <param name="vocabulary">V ≥ 1.</param>
    /// <param name="length">T ≥ 1, the positions of an example.</param>
    /// <param name="width">M ≥ 1.</param>
    /// <param name="deviation">The standard deviation of the layer's own initialization.</param>
    public Embedding(int vocabulary, int length, int width, double? deviation = null)
        : base(length, checked(length * width))
    {
        this.vocabulary = vocabulary;
        this.width = width;
        Parameters =
        [
            new Parameter("weight", [vocabulary, width], 0, 1, width, IsBias: false) { Deviation = deviation },
            new Parameter("positions", [length, width], checked(vocabulary * width), 1, width, IsBias: false) { Deviation = deviation },
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) => (long)examples * Inputs * vocabulary;

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        state.Device.Multiply(OneHot(state), new DeviceMatrix(state.Parameters, vocabulary, width), Rows(state.Output, state));
        state.Device.AddBias(state.Output, state.Parameters.Slice(TableLength), Outputs);
    }

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!parameterGradient.Span.IsEmpty)
        {
            var positions = parameterGradient.From(TableLength);
            state.Device.Multiply(OneHot(state).Transposed, Rows(outputGradient, state), Table(parameterGradient), directions, accumulate: true);
            state.Device.AddColumnSums(outputGradient, Outputs, positions.Span, directions, positions.Stride);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        var positions = tangent.Parameters.From(TableLength);
        state.Device.Multiply(OneHot(state), Table(tangent.Parameters), Rows(tangent.Output, state), tangent.Directions);
        state.Device.AddBias(tangent.Output, positions.Span, Outputs, tangent.Directions, positions.Stride);
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products) =>
        BackwardBlock(state, tangent.Directions, outputGradientTangent, default, products);

    private int TableLength => vocabulary * width;

    private DeviceMatrix OneHot(in LayerState state)
    {
        var rows = state.Workspace.Slice(0, state.Input.Length * vocabulary);
        state.Device.OneHot(state.Input, vocabulary, rows);
        return new DeviceMatrix(rows, state.Input.Length, vocabulary);
    }

    // One matrix a direction.
    private DeviceMatrix Rows(DeviceSpan span, in LayerState state) =>
        new(span, state.Examples * Inputs, width, batchStride: state.Examples * Outputs);

    private DeviceMatrix Table(ParameterBlock block) => new(block.Span, vocabulary, width, batchStride: block.Stride);
}
