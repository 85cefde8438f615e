using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Networks;

/// <summary>A layer that applies a function to each number: a = φ(z).</summary>
/// <remarks>
/// With ∂ the gradient and R the derivative in direction k: ∂z = φ′(z) ∂a; Ra = φ′(z) Rz; R∂z = φ′(z) R∂a + φ″(z) ∂a Rz.
/// </remarks>
/// <typeparam name="A">φ with its derivatives.</typeparam>
/// <param name="size">The numbers of an example.</param>
public sealed class Activation<A>(int size) : ElementLayer(size)
    where A : struct, IActivation
{
    /// <inheritdoc/>
    public override void Forward(in LayerState state) => Forward(state, null);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            Slope(state, directions, outputGradient, inputGradient, null);
        }
    }

    /// <inheritdoc/>
    public override void TangentForward(in LayerState state, in LayerTangent tangent)
    {
        if (tangent.Input.IsEmpty)
        {
            state.Device.Fill(tangent.Output, 0);
            return;
        }

        Slope(state, tangent.Directions, tangent.Input, tangent.Output, null);
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        if (!inputGradientTangent.IsEmpty)
        {
            TangentBackward(state, tangent, outputGradientTangent, inputGradientTangent, null);
        }
    }

    /// <inheritdoc/>
    internal override void ForwardAfter(in DeviceProduct product, in LayerState state) => Forward(state, product);

    /// <inheritdoc/>
    internal override void BackwardBlockAfter(
        in DeviceProduct product, in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient) =>
        Slope(state, directions, outputGradient, inputGradient, Follow(product, state.Device, directions));

    /// <inheritdoc/>
    internal override void TangentForwardAfter(in DeviceProduct product, in LayerState state, in LayerTangent tangent) =>
        Slope(state, tangent.Directions, tangent.Input, tangent.Output, Follow(product, state.Device, tangent.Directions));

    /// <inheritdoc/>
    internal override void TangentBackwardAfter(
        in DeviceProduct product, in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent) =>
        TangentBackward(
            state, tangent, outputGradientTangent, inputGradientTangent, Follow(product, state.Device, tangent.Directions));

    // Part by part the derivatives are formed again for each direction: where that takes exponentials, the product is done first.
    private static DeviceProduct? Follow(in DeviceProduct product, Device device, int directions)
    {
        if (directions == 1 || A.HasCheapDerivatives)
        {
            return product;
        }

        device.Multiply(product);
        return null;
    }

    private static void Forward(in LayerState state, DeviceProduct? product) =>
        ActivationOperations<A>.Forward(state.Device, state.Input, state.Output, product);

    private static void Slope(in LayerState state, int directions, DeviceSpan block, DeviceSpan result, DeviceProduct? product) =>
        ActivationOperations<A>.Slope(state.Device, state.Input, state.Output, block, result, directions, product);

    private static void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, DeviceProduct? product) =>
        ActivationOperations<A>.TangentBackward(
            state.Device, state.Input, state.Output, state.OutputGradient,
            tangent.Input, outputGradientTangent, inputGradientTangent, tangent.Directions, product);
}
