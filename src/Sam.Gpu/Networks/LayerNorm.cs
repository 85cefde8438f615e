using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>Layer norm over the last axis: each row of C numbers less its mean, by its deviation; then scaled by γ and shifted by β, both [C].</summary>
/// <remarks>
/// x̂ = (x − mean x) / √(var x + ε), with the variance a mean square; y = γ ∘ x̂ + β. For images, which lie channels last, a row is a
/// pixel: the axis is that of the channels, as in flax's LayerNorm. docs/passes.md has the passes. Pass 1 keeps mean and 1/√(var + ε) of a
/// row, pass 3 two means of its tangent.
/// </remarks>
public sealed class LayerNorm : Layer
{
    private readonly int columns;
    private readonly int rows;
    private readonly double epsilon;

    /// <summary>Creates the layer.</summary>
    /// <param name="columns">C ≥ 1.</param>
    /// <param name="epsilon">ε &gt; 0: 1e-5 in PyTorch and haiku, 1e-6 in flax.</param>
    /// <param name="rows">The rows of an example: its pixels or positions, ≥ 1.</param>
    public LayerNorm(int columns, double epsilon, int rows = 1)
        : base(checked(rows * columns), checked(rows * columns))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        this.columns = columns;
        this.rows = rows;
        this.epsilon = epsilon;
        Parameters =
        [
            new Parameter("weight", [columns], 0, 1, 1, IsBias: true) { Start = 1 },
            new Parameter("bias", [columns], columns, 1, 1, IsBias: true) { Start = 0 },
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override int MemorySize => 2 * rows;

    /// <inheritdoc/>
    public override int TangentMemorySize => 2 * rows;

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) =>
        LayerNormOperations.SumsLength(examples * rows, columns, Math.Max(directions, 1));

    /// <inheritdoc/>
    public override void Forward(in LayerState state) =>
        LayerNormOperations.Forward(state.Device, state.Input, state.Parameters, state.Output, state.Memory, columns, epsilon);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!parameterGradient.Span.IsEmpty)
        {
            LayerNormOperations.AddParameterGradients(
                state.Device, state.Input, state.Memory, outputGradient, default, default, default,
                state.Workspace, parameterGradient.Span, parameterGradient.Stride, columns, directions);
        }

        if (!inputGradient.IsEmpty)
        {
            LayerNormOperations.Backward(
                state.Device, state.Input, state.Memory, state.Parameters, outputGradient, inputGradient, columns);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        LayerNormOperations.TangentForward(
            state.Device, state.Input, state.Memory, state.Parameters, tangent.Parameters.Span, tangent.Parameters.Stride,
            tangent.Input, tangent.Output, tangent.Memory, columns, tangent.Directions);

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        LayerNormOperations.AddParameterGradients(
            state.Device, state.Input, state.Memory, outputGradientTangent, state.OutputGradient, tangent.Input, tangent.Memory,
            state.Workspace, products.Span, products.Stride, columns, tangent.Directions);
        if (!inputGradientTangent.IsEmpty)
        {
            LayerNormOperations.TangentBackward(
                state.Device, state.Input, state.Memory, state.Parameters, tangent.Parameters.Span, tangent.Parameters.Stride,
                tangent.Input, tangent.Memory, state.OutputGradient, outputGradientTangent, inputGradientTangent, columns);
        }
    }
}
