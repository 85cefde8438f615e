using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The passes of an activation function over whole vectors. z and a = φ(z) are [L]; a block is [K, L].</summary>
/// <remarks>Each may follow a matrix product that writes what it takes in; a device then may do both at once.</remarks>
/// <typeparam name="A">The activation function.</typeparam>
internal static class ActivationOperations<A>
    where A : struct, IActivation
{
    /// <summary>a = φ(z).</summary>
    public static void Forward(Device device, DeviceSpan input, DeviceSpan output, DeviceProduct? product = null)
    {
        Require.Length(output, input.Length);
        Require.Writes(product, input);
        device.Execute(new ForwardOperation(input, output, product));
    }

    /// <summary>result[k, i] = φ′(zᵢ) · block[k, i]; in place is allowed.</summary>
    public static void Slope(
        Device device, DeviceSpan input, DeviceSpan output, DeviceSpan block, DeviceSpan result, int directions, DeviceProduct? product = null)
    {
        Require.Length(output, input.Length);
        Require.Length(block, (long)directions * input.Length);
        Require.Length(result, block.Length);
        Require.Writes(product, block);
        device.Execute(new SlopeOperation(input, output, block, result, directions, product));
    }

    /// <summary>result[k, i] = φ′(zᵢ) · R{∂a}[k, i] + φ″(zᵢ) · ∂aᵢ · R{z}[k, i]; in place is allowed.</summary>
    public static void TangentBackward(
        Device device, DeviceSpan input, DeviceSpan output, DeviceSpan outputGradient,
        DeviceSpan inputTangent, DeviceSpan outputGradientTangent, DeviceSpan result, int directions, DeviceProduct? product = null)
    {
        Require.Length(output, input.Length);
        Require.Length(outputGradient, input.Length);
        Require.Length(inputTangent, (long)directions * input.Length);
        Require.Length(outputGradientTangent, inputTangent.Length);
        Require.Length(result, inputTangent.Length);
        Require.Writes(product, outputGradientTangent);
        device.Execute(
            new TangentBackwardOperation(input, output, outputGradient, inputTangent, outputGradientTangent, result, directions, product));
    }

    private static void Launch<V, B, K>(KernelDevice<V, B> device, DeviceProduct? product, in K kernel, int length)
        where V : unmanaged, ILane<V>
        where B : struct, IBuffer<V>
        where K : struct, IBlockKernel
    {
        if (product is { } before)
        {
            device.MultiplyThen(before, kernel, length);
        }
        else
        {
            device.LaunchElements(kernel, length);
        }
    }

    private readonly struct ForwardOperation(DeviceSpan input, DeviceSpan output, DeviceProduct? product) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            Launch(device, product, new ActivationForward<B, V, A>(device.Buffer(input), device.Buffer(output)), input.Length);
    }

    private readonly struct SlopeOperation(
        DeviceSpan input, DeviceSpan output, DeviceSpan block, DeviceSpan result, int directions, DeviceProduct? product) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            Launch(
                device, product,
                new ActivationSlope<B, V, A>(
                    device.Buffer(input), device.Buffer(output), device.Buffer(block), device.Buffer(result), input.Length, directions),
                input.Length);
    }

    private readonly struct TangentBackwardOperation(
        DeviceSpan input, DeviceSpan output, DeviceSpan outputGradient,
        DeviceSpan inputTangent, DeviceSpan outputGradientTangent, DeviceSpan result, int directions, DeviceProduct? product) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            Launch(
                device, product,
                new ActivationTangentBackward<B, V, A>(
                    device.Buffer(input), device.Buffer(output), device.Buffer(outputGradient),
                    device.Buffer(inputTangent), device.Buffer(outputGradientTangent), device.Buffer(result), input.Length, directions),
                input.Length);
    }
}
