using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>An image as a row of numbers, channels first, as PyTorch's Flatten leaves it: number (c, y, x) at c·H·W + y·W + x.</summary>
/// <remarks>A permutation, y = Π x: ∂x = Πᵀ ∂y, Ry = Π Rx, R∂x = Πᵀ R∂y. A dense layer behind it has PyTorch's weights.</remarks>
/// <param name="image">The shape of the input, which lies channels last.</param>
public sealed class Flatten(ImageShape image) : Layer(image.Size, image.Size)
{
    /// <inheritdoc/>
    public override void Forward(in LayerState state) => ChannelsFirst(state, 1, state.Input, state.Output);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            state.Device.Transpose(outputGradient, inputGradient, directions * state.Examples, image.Channels, image.Pixels);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent) =>
        ChannelsFirst(state, tangent.Directions, tangent.Input, tangent.Output);

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products) =>
        BackwardBlock(state, tangent.Directions, outputGradientTangent, inputGradientTangent, products);

    private void ChannelsFirst(in LayerState state, int directions, DeviceSpan input, DeviceSpan output) =>
        state.Device.Transpose(input, output, directions * state.Examples, image.Pixels, image.Channels);
}
