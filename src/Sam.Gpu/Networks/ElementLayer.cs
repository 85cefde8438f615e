using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>A layer that treats each number by itself, so that a pass of it can follow a matrix product part by part, while that is in a cache.</summary>
/// <remarks>
/// The passes are those of <see cref="Layer"/>, after the product that writes what they take in: z in pass 1, ∂a in pass 2, Rz in pass 3
/// and R∂a in pass 4. What is written may lie where the product lies in passes 2 of a block and 4.
/// </remarks>
/// <param name="size">The numbers of an example.</param>
public abstract class ElementLayer(int size) : Layer(size, size)
{
    /// <summary>Pass 1 after a product.</summary>
    /// <param name="product">Writes the input, z.</param>
    /// <param name="state">See <see cref="Layer.Forward"/>.</param>
    internal abstract void ForwardAfter(in DeviceProduct product, in LayerState state);

    /// <summary>Pass 2 for a block after a product.</summary>
    /// <param name="product">Writes the gradient of the output, ∂a.</param>
    /// <param name="state">See <see cref="Layer.BackwardBlock"/>, and for what follows.</param>
    /// <param name="directions">K.</param>
    /// <param name="outputGradient">[K, N, outputs].</param>
    /// <param name="inputGradient">[K, N, inputs], written.</param>
    internal abstract void BackwardBlockAfter(
        in DeviceProduct product, in LayerState state, int directions, DeviceSpan outputGradient, DeviceSpan inputGradient);

    /// <summary>Pass 3 after a product.</summary>
    /// <param name="product">Writes R{input}, Rz.</param>
    /// <param name="state">See <see cref="Layer.TangentForward"/>, and for what follows.</param>
    /// <param name="tangent">The directions.</param>
    internal abstract void TangentForwardAfter(in DeviceProduct product, in LayerState state, in LayerTangent tangent);

    /// <summary>Pass 4 after a product.</summary>
    /// <param name="product">Writes R{gradient of the output}, R∂a.</param>
    /// <param name="state">See <see cref="Layer.TangentBackward"/>, and for what follows.</param>
    /// <param name="tangent">What pass 3 has stored.</param>
    /// <param name="outputGradientTangent">R{gradient of the output}, [K, N, outputs].</param>
    /// <param name="inputGradientTangent">R{gradient of the input}, [K, N, inputs], written.</param>
    internal abstract void TangentBackwardAfter(
        in DeviceProduct product, in LayerState state, in LayerTangent tangent,
        DeviceSpan outputGradientTangent, DeviceSpan inputGradientTangent);
}
