using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>Max pooling: of what the window sees the largest number, channel by channel. A tie goes to the first in reading order.</summary>
/// <remarks>
/// With m the place of the maximum, y = x[m]; ∂x[m] = Σ ∂y; Ry = Rx[m]; R∂x[m] = Σ R∂y: the maximum is piecewise linear, so there is no
/// second derivative. Pass 1 keeps m.
/// </remarks>
public sealed class MaximumPooling : Layer
{
    private readonly ImageWindow window;

    /// <summary>Creates the layer.</summary>
    /// <param name="image">The shape of the input.</param>
    /// <param name="window">The window; every place of it must see a pixel.</param>
    /// <exception cref="ArgumentException">The window does not fit, or its padding is more than half of it.</exception>
    public MaximumPooling(ImageShape image, Window window)
        : base(image.Size, OutputOf(image, window).Size)
    {
        if (window.Padding > Math.Min(window.Height, window.Width) / 2)
        {
            throw new ArgumentException($"Padding {window.Padding} is more than half of a window of {window.Height}×{window.Width}.", nameof(window));
        }

        this.window = window.Over(image);
        Output = OutputOf(image, window);
    }

    /// <summary>The shape of the output.</summary>
    public ImageShape Output { get; }

    /// <inheritdoc/>
    public override int MemorySize => Outputs;

    /// <inheritdoc/>
    public override void Forward(in LayerState state) => state.Device.MaximumPool(state.Input, window, state.Output, state.Memory);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            state.Device.MaximumPoolGradient(outputGradient, window, state.Memory, inputGradient);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        state.Device.MaximumPoolTangent(tangent.Input, window, state.Memory, tangent.Output);

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
