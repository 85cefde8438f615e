using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Divergences between the outputs of two networks. N examples, C columns.</summary>
public static class DistillationOperations
{
    /// <summary>lossesₙ += s KL(q ‖ p), gradient += d (p − q), with p = softmax(o/τ) and q = softmax(r/τ).</summary>
    /// <remarks>
    /// s = λτ²/N and d = λτ/N are the value and the gradient of λτ² times the mean.
    /// A reference that is NaN counts as the outputs.
    /// </remarks>
    /// <param name="device">The device.</param>
    /// <param name="outputs">o, [N, C].</param>
    /// <param name="reference">r, [N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="temperature">τ.</param>
    /// <param name="lossScale">s.</param>
    /// <param name="gradientScale">d.</param>
    /// <param name="losses">[N], added to.</param>
    /// <param name="gradient">[N, C], added to.</param>
    public static void DistillationTerm(
        this Device device, DeviceSpan outputs, DeviceSpan reference, int columns,
        double temperature, double lossScale, double gradientScale, DeviceSpan losses, DeviceSpan gradient)
    {
        Require.Length(outputs, (long)losses.Length * columns);
        Require.Length(reference, outputs.Length);
        Require.Length(gradient, outputs.Length);
        device.Execute(new DistillationTermOperation(outputs, reference, columns, temperature, lossScale, gradientScale, losses, gradient));
    }

    private readonly struct DistillationTermOperation(
        DeviceSpan outputs, DeviceSpan reference, int columns,
        double temperature, double lossScale, double gradientScale, DeviceSpan losses, DeviceSpan gradient) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new DistillationTerm<B, V>(
                    device.Buffer(outputs), device.Buffer(reference), device.Buffer(losses), device.Buffer(gradient), columns,
                    V.Constant(1 / temperature), V.Constant(lossScale), V.Constant(gradientScale)),
                losses.Length, 4 * columns);
    }
}
