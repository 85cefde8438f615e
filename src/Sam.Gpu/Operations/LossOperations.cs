using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Losses with respect to the outputs of a network. N examples, C columns, K directions.</summary>
public static class LossOperations
{
    /// <summary>lossesₙ = s Σ_c (o − t)², gradient = 2 s (o − t).</summary>
    /// <param name="device">The device.</param>
    /// <param name="outputs">o, [N, C].</param>
    /// <param name="targets">t, [N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="scale">s.</param>
    /// <param name="losses">[N].</param>
    /// <param name="gradient">[N, C].</param>
    public static void SquaredError(
        this Device device, DeviceSpan outputs, DeviceSpan targets, int columns, double scale, DeviceSpan losses, DeviceSpan gradient)
    {
        CheckShapes(outputs, targets, columns, losses, gradient);
        device.Execute(new SquaredErrorOperation(outputs, targets, columns, scale, losses, gradient));
    }

    /// <summary>p = softmax(o), lossesₙ = s (log Σ exp o − Σ t o), gradient = s (p − t).</summary>
    /// <param name="device">The device.</param>
    /// <param name="outputs">o, [N, C].</param>
    /// <param name="targets">t, [N, C]; each row sums to 1.</param>
    /// <param name="columns">C.</param>
    /// <param name="scale">s.</param>
    /// <param name="probabilities">p, [N, C].</param>
    /// <param name="losses">[N].</param>
    /// <param name="gradient">[N, C].</param>
    public static void CrossEntropy(
        this Device device, DeviceSpan outputs, DeviceSpan targets, int columns, double scale,
        DeviceSpan probabilities, DeviceSpan losses, DeviceSpan gradient)
    {
        CheckShapes(outputs, targets, columns, losses, gradient);
        Require.Length(probabilities, outputs.Length);
        device.Execute(new CrossEntropyOperation(outputs, targets, columns, scale, probabilities, losses, gradient));
    }

    /// <summary>result[k, n, ·] = s (p ∘ u − p (p · u)) with p of example n and u = block[k, n, ·].</summary>
    /// <param name="device">The device.</param>
    /// <param name="probabilities">p, [N, C].</param>
    /// <param name="block">u, [K, N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="scale">s.</param>
    /// <param name="result">[K, N, C]; may be the block.</param>
    public static void CrossEntropyHessian(
        this Device device, DeviceSpan probabilities, DeviceSpan block, int columns, double scale, DeviceSpan result)
    {
        Require.Length(block, block.Length / Math.Max(probabilities.Length, 1) * (long)probabilities.Length);
        Require.Length(result, block.Length);
        device.Execute(new CrossEntropyHessianOperation(probabilities, block, columns, scale, result));
    }

    /// <summary>correctₙ = 1 if argmax o[n, ·] = argmax t[n, ·], else 0.</summary>
    /// <param name="device">The device.</param>
    /// <param name="outputs">o, [N, C].</param>
    /// <param name="targets">t, [N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="correct">[N].</param>
    public static void Correct(this Device device, DeviceSpan outputs, DeviceSpan targets, int columns, DeviceSpan correct)
    {
        CheckShapes(outputs, targets, columns, correct, outputs);
        device.Execute(new CorrectOperation(outputs, targets, columns, correct));
    }

    private static void CheckShapes(DeviceSpan outputs, DeviceSpan targets, int columns, DeviceSpan losses, DeviceSpan gradient)
    {
        Require.Length(outputs, (long)losses.Length * columns);
        Require.Length(targets, outputs.Length);
        Require.Length(gradient, outputs.Length);
    }

    private readonly struct SquaredErrorOperation(
        DeviceSpan outputs, DeviceSpan targets, int columns, double scale, DeviceSpan losses, DeviceSpan gradient) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new SquaredError<B, V>(
                    device.Buffer(outputs), device.Buffer(targets), device.Buffer(losses), device.Buffer(gradient), columns, V.Constant(scale)),
                losses.Length, columns);
    }

    private readonly struct CrossEntropyOperation(
        DeviceSpan outputs, DeviceSpan targets, int columns, double scale,
        DeviceSpan probabilities, DeviceSpan losses, DeviceSpan gradient) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new CrossEntropy<B, V>(
                    device.Buffer(outputs), device.Buffer(targets), device.Buffer(probabilities),
                    device.Buffer(losses), device.Buffer(gradient), columns, V.Constant(scale)),
                losses.Length, 4 * columns);
    }

    private readonly struct CrossEntropyHessianOperation(
        DeviceSpan probabilities, DeviceSpan block, int columns, double scale, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new CrossEntropyHessian<B, V>(
                    device.Buffer(probabilities), device.Buffer(block), device.Buffer(result),
                    probabilities.Length / columns, columns, V.Constant(scale)),
                block.Length / columns, columns);
    }

    private readonly struct CorrectOperation(DeviceSpan outputs, DeviceSpan targets, int columns, DeviceSpan correct) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new Correct<B, V>(device.Buffer(outputs), device.Buffer(targets), device.Buffer(correct), columns), correct.Length, columns);
    }
}
