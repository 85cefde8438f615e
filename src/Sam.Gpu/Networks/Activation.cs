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
public sealed class Activation<A>(int size) : Layer(size, size)
    where A : struct, IActivation
{
    /// <inheritdoc/>
    public override void Forward(in LayerState state) => ActivationOperations<A>.Forward(state.Device, state.Input, state.Output);

    /// <inheritdoc/>
    public override void BackwardBlock(
        in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient, ParameterBlock parameterGradient)
    {
        if (!inputGradient.IsEmpty)
        {
            ActivationOperations<A>.Slope(state.Device, state.Input, state.Output, outputGradient, inputGradient, directions);
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

        ActivationOperations<A>.Slope(state.Device, state.Input, state.Output, tangent.Input, tangent.Output, tangent.Directions);
    }

    /// <inheritdoc/>
    public override void TangentBackward(
        in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent, ParameterBlock products)
    {
        if (!inputGradientTangent.IsEmpty)
        {
            ActivationOperations<A>.TangentBackward(
                state.Device, state.Input, state.Output, state.OutputGradient,
                tangent.Input, outputGradientTangent, inputGradientTangent, tangent.Directions);
        }
    }
}
