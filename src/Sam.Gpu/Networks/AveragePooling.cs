using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>Average pooling: the mean of what the window sees, channel by channel; padding counts as zeros.</summary>
/// <remarks>Linear, y = A x: ∂x = Aᵀ ∂y, Ry = A Rx, R∂x = Aᵀ R∂y.</remarks>
public sealed class AveragePooling : Layer
{
    private readonly ImageWindow window;

    /// <summary>Creates the layer.</summary>
    /// <param name="image">The shape of the input.</param>
    /// <param name="window">The window.</param>
    /// <exception cref="ArgumentException">The window does not fit.</exception>
    public AveragePooling(ImageShape image, Window window)
        : base(image.Size, OutputOf(image, window).Size)
    {
        this.window = window.Over(image);
        Output = OutputOf(image, window);
    }

    /// <summary>The shape of the output.</summary>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public override void Forward(in LayerState state) => state.Device.AveragePool(state.Input, window, state.Output);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            state.Device.AveragePoolGradient(outputGradient, window, inputGradient);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        state.Device.AveragePool(tangent.Input, window, tangent.Output);

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products) =>
        BackwardBlock(state, tangent.Directions, outputGradientTangent, inputGradientTangent, products);

    private static ImageShape OutputOf(ImageShape image, Window window)
    {
        var over = window.Over(image);
        return new ImageShape(image.Channels, over.OutputHeight, over.OutputWidth);
    }
}
