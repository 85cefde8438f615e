using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>The core of causal multi-head attention: of queries, keys and values the weighted values. It has no parameters.</summary>
/// <remarks>
/// The input of a position is [3, H, D]: queries, keys and values of all heads; its output is [H, D]. For each head and sequence,
/// P = softmax(c Q Kᵀ) with c = 1/√D, where position t sees the positions up to itself whose token in the network's input is not the
/// padding, 0 (one that sees none gives 0), and O = P V. docs/passes.md has the passes. Pass 1 keeps P; what passes 3 and 4 need beyond
/// that is made head by head in the workspace.
/// </remarks>
public sealed class CausalAttention : Layer
{
    private readonly int heads;
    private readonly int size;
    private readonly int length;
    private readonly double scale;

    /// <summary>Creates the layer.</summary>
    /// <param name="heads">H ≥ 1.</param>
    /// <param name="size">D ≥ 1, the numbers of a query, key or value.</param>
    /// <param name="length">T ≥ 1, the positions of an example.</param>
    public CausalAttention(int heads, int size, int length)
        : base(checked(3 * heads * size * length), checked(heads * size * length))
    {
        this.heads = heads;
        this.size = size;
        this.length = length;
        scale = 1 / Math.Sqrt(size);
    }

    /// <inheritdoc/>
    public override int MemorySize => checked(heads * length * length);

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) => (1 + (2L * Math.Max(directions, 1))) * examples * length * length;

    /// <inheritdoc/>
    public override void Forward(in LayerState state)
    {
        for (int h = 0; h < heads; h++)
        {
            state.Device.Multiply(Query(state.Input, h), Key(state.Input, h).Transposed, Weights(state, h), state.Examples);
        }

        state.Device.CausalSoftmax(state.Memory, state.Source, length, scale);
        for (int h = 0; h < heads; h++)
        {
            state.Device.Multiply(Weights(state, h), Value(state.Input, h), Head(state.Output, h), state.Examples);
        }
    }

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (inputGradient.IsEmpty)
        {
            return;
        }

        var (device, n) = (state.Device, state.Examples);
        var scores = Square(state.Workspace, 0, n);
        for (int h = 0; h < heads; h++)
        {
            for (int k = 0; k < directions; k++)
            {
                var output = Head(Direction(outputGradient, k, n, Outputs), h);
                var input = Direction(inputGradient, k, n, Inputs);
                device.Multiply(Weights(state, h).Transposed, output, Value(input, h), n);
                device.Multiply(output, Value(state.Input, h).Transposed, scores, n);
                device.CrossEntropyHessian(Weights(state, h).Span, scores.Span, length, scale, scores.Span);
                device.Multiply(scores, Key(state.Input, h), Query(input, h), n);
                device.Multiply(scores.Transposed, Query(state.Input, h), Key(input, h), n);
            }
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        var (device, n) = (state.Device, state.Examples);
        var weightTangents = Square(state.Workspace, 0, n);
        for (int h = 0; h < heads; h++)
        {
            for (int k = 0; k < tangent.Directions; k++)
            {
                var input = Direction(tangent.Input, k, n, Inputs);
                var output = Head(Direction(tangent.Output, k, n, Outputs), h);
                MakeWeightTangents(state, input, h, weightTangents);
                device.Multiply(weightTangents, Value(state.Input, h), output, n);
                device.Multiply(Weights(state, h), Value(input, h), output, n, accumulate: true);
            }
        }
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        if (inputGradientTangent.IsEmpty)
        {
            return;
        }

        var (device, n, directions) = (state.Device, state.Examples, tangent.Directions);
        var weightGradient = Square(state.Workspace, 0, n);
        for (int h = 0; h < heads; h++)
        {
            // ∂P once for all directions; R{P}, and R{∂P} which becomes R{∂S}, of each.
            var weights = Weights(state, h);
            var outputGradient = Head(state.OutputGradient, h);
            device.Multiply(outputGradient, Value(state.Input, h).Transposed, weightGradient, n);
            for (int k = 0; k < directions; k++)
            {
                var input = Direction(tangent.Input, k, n, Inputs);
                var gradient = Direction(inputGradientTangent, k, n, Inputs);
                var outputTangent = Head(Direction(outputGradientTangent, k, n, Outputs), h);
                var weightTangents = Square(state.Workspace, 1 + k, n);
                var scoreTangents = Square(state.Workspace, 1 + directions + k, n);
                MakeWeightTangents(state, input, h, weightTangents);
                device.Multiply(weightTangents.Transposed, outputGradient, Value(gradient, h), n);
                device.Multiply(weights.Transposed, outputTangent, Value(gradient, h), n, accumulate: true);
                device.Multiply(outputTangent, Value(state.Input, h).Transposed, scoreTangents, n);
                device.Multiply(outputGradient, Value(input, h).Transposed, scoreTangents, n, accumulate: true);
            }

            var all = Squares(state.Workspace, 1 + directions, directions, n);
            device.SoftmaxTangentBackward(
                weights.Span, Squares(state.Workspace, 1, directions, n), weightGradient.Span, all, length, scale, all);

            // ∂S takes the place of ∂P.
            device.CrossEntropyHessian(weights.Span, weightGradient.Span, length, scale, weightGradient.Span);
            for (int k = 0; k < directions; k++)
            {
                var input = Direction(tangent.Input, k, n, Inputs);
                var gradient = Direction(inputGradientTangent, k, n, Inputs);
                var scoreTangents = Square(state.Workspace, 1 + directions + k, n);
                device.Multiply(scoreTangents, Key(state.Input, h), Query(gradient, h), n);
                device.Multiply(weightGradient, Key(input, h), Query(gradient, h), n, accumulate: true);
                device.Multiply(scoreTangents.Transposed, Query(state.Input, h), Key(gradient, h), n);
                device.Multiply(weightGradient.Transposed, Query(input, h), Key(gradient, h), n, accumulate: true);
            }
        }
    }

    // R{P} = c P ∘ (R{S} − P · R{S}) with R{S} = R{Q} Kᵀ + Q R{K}ᵀ: the product of a softmax's Jacobian.
    private void MakeWeightTangents(in LayerState state, DeviceSpan inputTangent, int head, DeviceMatrix result)
    {
        var (device, n) = (state.Device, state.Examples);
        device.Multiply(Query(inputTangent, head), Key(state.Input, head).Transposed, result, n);
        device.Multiply(Query(state.Input, head), Key(inputTangent, head).Transposed, result, n, accumulate: true);
        device.CrossEntropyHessian(Weights(state, head).Span, result.Span, length, scale, result.Span);
    }

    private static DeviceSpan Direction(DeviceSpan block, int k, int examples, int columns) =>
        block.Slice(k * examples * columns, examples * columns);

    // Matrices of a head, one for each sequence.
    private DeviceMatrix Query(DeviceSpan input, int head) => Part(input, head, 3 * heads);

    private DeviceMatrix Key(DeviceSpan input, int head) => Part(input, heads + head, 3 * heads);

    private DeviceMatrix Value(DeviceSpan input, int head) => Part(input, (2 * heads) + head, 3 * heads);

    private DeviceMatrix Head(DeviceSpan output, int head) => Part(output, head, heads);

    private DeviceMatrix Part(DeviceSpan span, int part, int parts) =>
        new(span.Slice(part * size), length, size, rowStride: parts * size, batchStride: length * parts * size);

    private DeviceMatrix Weights(in LayerState state, int head) => Square(state.Memory, head, state.Examples);

    // The i-th [N, T, T] of a span.
    private DeviceMatrix Square(DeviceSpan span, int i, int examples) =>
        new(Squares(span, i, 1, examples), length, length, batchStride: length * length);

    private DeviceSpan Squares(DeviceSpan span, int first, int count, int examples) =>
        span.Slice(first * examples * length * length, count * examples * length * length);
}
