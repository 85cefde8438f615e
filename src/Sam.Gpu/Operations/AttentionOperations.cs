using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>The softmax of causal attention and its second-order pass. H heads, N sequences of T positions, K directions.</summary>
public static class AttentionOperations
{
    /// <summary>In place: row t of each sequence becomes softmax(s x) over the positions ≤ t whose token is not 0, and 0 elsewhere.</summary>
    /// <param name="device">The device.</param>
    /// <param name="rows">x, [H, N, T, T].</param>
    /// <param name="tokens">[N, T].</param>
    /// <param name="length">T.</param>
    /// <param name="scale">s.</param>
    public static void CausalSoftmax(this Device device, DeviceSpan rows, DeviceSpan tokens, int length, double scale)
    {
        Require.Length(rows, rows.Length / (tokens.Length * length) * ((long)tokens.Length * length));
        device.Execute(new SoftmaxOperation(rows, tokens, length, scale));
    }

    /// <summary>result[k] = s (R{p} ∘ (g − m) + p ∘ (R{g} − R{m})), the tangent of a softmax's gradient, row by row with m = p · g.</summary>
    /// <param name="device">The device.</param>
    /// <param name="probabilities">p, [rows, C].</param>
    /// <param name="probabilityTangents">R{p}, [K, rows, C].</param>
    /// <param name="gradient">g, the gradient of p, [rows, C].</param>
    /// <param name="gradientTangents">R{g}, [K, rows, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="scale">s.</param>
    /// <param name="result">[K, rows, C]; may be R{g}.</param>
    public static void SoftmaxTangentBackward(
        this Device device, DeviceSpan probabilities, DeviceSpan probabilityTangents, DeviceSpan gradient, DeviceSpan gradientTangents,
        int columns, double scale, DeviceSpan result)
    {
        Require.Length(gradient, probabilities.Length);
        Require.Length(gradientTangents, probabilityTangents.Length);
        Require.Length(result, probabilityTangents.Length);
        device.Execute(new TangentBackwardOperation(
            probabilities, probabilityTangents, gradient, gradientTangents, columns, scale, result));
    }

    private readonly struct SoftmaxOperation(DeviceSpan rows, DeviceSpan tokens, int length, double scale) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new CausalSoftmax<B, V>(device.Buffer(rows), device.Buffer(tokens), tokens.Length / length, length, V.Constant(scale)),
                rows.Length / length, 4 * length);
    }

    private readonly struct TangentBackwardOperation(
        DeviceSpan probabilities, DeviceSpan probabilityTangents, DeviceSpan gradient, DeviceSpan gradientTangents,
        int columns, double scale, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new SoftmaxTangentBackward<B, V>(
                    device.Buffer(probabilities), device.Buffer(probabilityTangents), device.Buffer(gradient), device.Buffer(gradientTangents),
                    device.Buffer(result), probabilities.Length / columns, columns, V.Constant(scale)),
                result.Length / columns, 4 * columns);
    }
}
