using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>A <see cref="Convolution"/> of a network's own input, which lies channels first as the examples of data sets do, and depends on no parameter.</summary>
/// <remarks>
/// <para>
/// It has neither the gradient nor the tangent of its input. What is left of the passes is z = Xᵀ U, ∂U = X ∂z, Rz = Xᵀ RU and R∂U = X R∂z. X,
/// [Q + 1, N·P], is what each place of the window shows at all outputs, which are planes of the image, shifted, and below them a row of
/// ones; U, [Q + 1, O], is Wᵀ and below it b.
/// </para>
/// <para>As in <see cref="Convolution"/>, X is made anew for some examples at a time.</para>
/// </remarks>
public sealed class PlanarConvolution : Layer
{
    // The numbers of X that are made at once: some megabytes, within reach of the caches.
    private const int PieceLength = 1 << 19;

    private readonly ImageWindow window;
    private readonly bool hasBias;
    private readonly int channels;
    private readonly int weights;
    private readonly int places;
    private readonly int pixels;

    /// <summary>Creates the layer.</summary>
    /// <param name="image">The shape of the input.</param>
    /// <param name="outputChannels">O ≥ 1.</param>
    /// <param name="window">The window.</param>
    /// <param name="hasBias">Whether there is a b.</param>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    public PlanarConvolution(ImageShape image, int outputChannels, Window window, bool hasBias = true)
        : base(image.Size, Convolution.OutputOf(image, outputChannels, window).Size)
    {
        this.window = window.Over(image);
        this.hasBias = hasBias;
        channels = outputChannels;
        Output = Convolution.OutputOf(image, outputChannels, window);
        pixels = Output.Pixels;
        weights = checked(window.Height * window.Width * image.Channels);
        places = weights + (hasBias ? 1 : 0);
        Parameters = Convolution.ParametersOf(image, outputChannels, window, hasBias);
    }

    /// <summary>The shape of the output, which lies channels last.</summary>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Parameter> Parameters { get; }

    /// <inheritdoc/>
    public override long Workspace(int examples, int directions) =>
        ((long)Math.Max(directions, 1) * places * channels) + ((long)Piece(examples) * pixels * places);

    /// <inheritdoc/>
    public override void Forward(in LayerState state) =>
        Map(state, 1, new ParameterBlock(state.Parameters, state.Parameters.Length), state.Output);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!parameterGradient.Span.IsEmpty)
        {
            AddGradients(state, directions, outputGradient, parameterGradient);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        Map(state, tangent.Directions, tangent.Parameters, tangent.Output);

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products) =>
        AddGradients(state, tangent.Directions, outputGradientTangent, products);

    private int WeightLength => channels * weights;

    private int Size => channels * places;

    private int Piece(int examples) => (int)Math.Clamp(PieceLength / ((long)pixels * places), 1, Math.Max(examples, 1));

    // Xᵀ U for each U of a block of parameters.
    private void Map(in LayerState state, int directions, ParameterBlock parameters, DeviceSpan output)
    {
        var (device, maps) = (state.Device, Maps(state, directions));
        device.Transpose(parameters.Span, maps.Span, 1, channels, weights, directions, parameters.Stride, Size);
        if (hasBias)
        {
            device.Transpose(
                parameters.Span.Slice(WeightLength), maps.Span.Slice(WeightLength), 1, 1, channels, directions, parameters.Stride, Size);
        }

        int piece = Piece(state.Examples);
        for (int first = 0; first < state.Examples; first += piece)
        {
            int count = Math.Min(piece, state.Examples - first);
            device.Multiply(Columns(state, first, count, directions).Transposed, maps, Rows(state, output, first, count), directions);
        }
    }

    // Adds X ∂z, for each ∂z of a block, to the gradients of W and b.
    private void AddGradients(in LayerState state, int directions, DeviceSpan outputGradient, ParameterBlock gradient)
    {
        var (device, maps) = (state.Device, Maps(state, directions));
        int piece = Piece(state.Examples);
        for (int first = 0; first < state.Examples; first += piece)
        {
            int count = Math.Min(piece, state.Examples - first);
            device.Multiply(
                Columns(state, first, count, directions), Rows(state, outputGradient, first, count), maps, directions, accumulate: first > 0);
        }

        device.Transpose(maps.Span, gradient.Span, 1, weights, channels, directions, Size, gradient.Stride, accumulate: true);
        if (hasBias)
        {
            device.Transpose(
                maps.Span.Slice(WeightLength), gradient.Span.Slice(WeightLength), 1, 1, channels, directions, Size, gradient.Stride,
                accumulate: true);
        }
    }

    // Room for U or its gradients, [K, Q + 1, O].
    private DeviceMatrix Maps(in LayerState state, int directions) =>
        new(state.Workspace.Slice(0, directions * Size), places, channels, batchStride: Size);

    // X of some examples, [Q + 1, count · P].
    private DeviceMatrix Columns(in LayerState state, int first, int count, int directions)
    {
        var span = state.Workspace.Slice(directions * Size, count * pixels * places);
        state.Device.PlanarColumns(state.Input.Slice(first * Inputs), window, count, span);
        return new DeviceMatrix(span, places, count * pixels);
    }

    // The rows of some examples in a block of outputs, [K, count · P, O].
    private DeviceMatrix Rows(in LayerState state, DeviceSpan block, int first, int count) =>
        new(block.Slice(first * Outputs), count * pixels, channels, batchStride: state.Examples * Outputs);
}
