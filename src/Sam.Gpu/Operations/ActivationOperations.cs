using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The passes of an activation function over whole vectors. z and a = φ(z) are [L]; a block is [K, L].</summary>
/// <typeparam name="A">The activation function.</typeparam>
internal static class ActivationOperations<A>
    where A : struct, IActivation
{
    /// <summary>a = φ(z).</summary>
    public static void Forward(Device device, DeviceSpan input, DeviceSpan output)
    {
        Require.Length(output, input.Length);
        device.Execute(new ForwardOperation(input, output));
    }

    /// <summary>result[k, i] = φ′(zᵢ) · block[k, i]; in place is allowed.</summary>
    public static void Slope(Device device, DeviceSpan input, DeviceSpan output, DeviceSpan block, DeviceSpan result, int directions)
    {
        Require.Length(output, input.Length);
        Require.Length(block, (long)directions * input.Length);
        Require.Length(result, block.Length);
        device.Execute(new SlopeOperation(input, output, block, result, directions));
    }

    /// <summary>result[k, i] = φ′(zᵢ) · R{∂a}[k, i] + φ″(zᵢ) · ∂aᵢ · R{z}[k, i]; in place is allowed.</summary>
    public static void TangentBackward(
        Device device, DeviceSpan input, DeviceSpan output, DeviceSpan outputGradient,
        DeviceSpan inputTangent, DeviceSpan outputGradientTangent, DeviceSpan result, int directions)
    {
        Require.Length(output, input.Length);
        Require.Length(outputGradient, input.Length);
        Require.Length(inputTangent, (long)directions * input.Length);
        Require.Length(outputGradientTangent, inputTangent.Length);
        Require.Length(result, inputTangent.Length);
        device.Execute(
            new TangentBackwardOperation(input, output, outputGradient, inputTangent, outputGradientTangent, result, directions));
    }

    private readonly struct ForwardOperation(DeviceSpan input, DeviceSpan output) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new ActivationForward<B, V, A>(device.Buffer(input), device.Buffer(output)), input.Length);
    }

    private readonly struct SlopeOperation(DeviceSpan input, DeviceSpan output, DeviceSpan block, DeviceSpan result, int directions) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new ActivationSlope<B, V, A>(
                    device.Buffer(input), device.Buffer(output), device.Buffer(block), device.Buffer(result), input.Length, directions),
                input.Length);
    }

    private readonly struct TangentBackwardOperation(
        DeviceSpan input, DeviceSpan output, DeviceSpan outputGradient,
        DeviceSpan inputTangent, DeviceSpan outputGradientTangent, DeviceSpan result, int directions) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new ActivationTangentBackward<B, V, A>(
                    device.Buffer(input), device.Buffer(output), device.Buffer(outputGradient),
                    device.Buffer(inputTangent), device.Buffer(outputGradientTangent), device.Buffer(result), input.Length, directions),
                input.Length);
    }
}
