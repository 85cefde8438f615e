using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>Maximum and mean over windows of images, channel by channel. K directions, N images [H, W, C], outputs [P, C] each.</summary>
public static class PoolOperations
{
    /// <summary>outputs = the largest number of each window; winners = the first cell that has it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="images">[N, H, W, C].</param>
    /// <param name="window">The window.</param>
    /// <param name="outputs">[N, P, C].</param>
    /// <param name="winners">[N, P, C]: window row · window columns + window column.</param>
    public static void MaximumPool(this Device device, DeviceSpan images, in ImageWindow window, DeviceSpan outputs, DeviceSpan winners)
    {
        int count = Check(images, outputs, window);
        Require.Length(winners, outputs.Length);
        device.Execute(new MaximumOperation(images, window, outputs, winners, count));
    }

    /// <summary>result[k] = the numbers of block[k] at the winners: the tangent of the maximum.</summary>
    /// <param name="device">The device.</param>
    /// <param name="block">[K, N, H, W, C].</param>
    /// <param name="window">The window.</param>
    /// <param name="winners">[N, P, C].</param>
    /// <param name="result">[K, N, P, C].</param>
    public static void MaximumPoolTangent(this Device device, DeviceSpan block, in ImageWindow window, DeviceSpan winners, DeviceSpan result)
    {
        int count = Check(block, result, window);
        device.Execute(new TangentOperation(block, window, winners, result, count, Images(winners, window)));
    }

    /// <summary>result[k] = the numbers of block[k] brought to the winners, zeros elsewhere; sums where windows overlap.</summary>
    /// <param name="device">The device.</param>
    /// <param name="block">[K, N, P, C].</param>
    /// <param name="window">The window.</param>
    /// <param name="winners">[N, P, C].</param>
    /// <param name="result">[K, N, H, W, C].</param>
    public static void MaximumPoolGradient(this Device device, DeviceSpan block, in ImageWindow window, DeviceSpan winners, DeviceSpan result)
    {
        int count = Check(result, block, window);
        device.Execute(new GradientOperation(block, window, winners, result, count, Images(winners, window)));
    }

    /// <summary>outputs = the mean of each window, where padding counts as zeros.</summary>
    /// <param name="device">The device.</param>
    /// <param name="images">[N, H, W, C].</param>
    /// <param name="window">The window.</param>
    /// <param name="outputs">[N, P, C].</param>
    public static void AveragePool(this Device device, DeviceSpan images, in ImageWindow window, DeviceSpan outputs) =>
        device.Execute(new AverageOperation(images, window, outputs, Check(images, outputs, window)));

    /// <summary>result = the share of each window's gradient for every pixel that it sees.</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradients">[N, P, C].</param>
    /// <param name="window">The window.</param>
    /// <param name="result">[N, H, W, C].</param>
    public static void AveragePoolGradient(this Device device, DeviceSpan gradients, in ImageWindow window, DeviceSpan result) =>
        device.Execute(new AverageGradientOperation(gradients, window, result, Check(result, gradients, window)));

    private static int ImageSize(in ImageWindow window) => window.Height * window.Width * window.Channels;

    private static int OutputSize(in ImageWindow window) => window.OutputHeight * window.OutputWidth * window.Channels;

    private static int Images(DeviceSpan outputs, in ImageWindow window) => outputs.Length / OutputSize(window);

    private static int Check(DeviceSpan images, DeviceSpan outputs, in ImageWindow window)
    {
        int count = Images(outputs, window);
        Require.Length(outputs, (long)count * OutputSize(window));
        Require.Length(images, (long)count * ImageSize(window));
        return count;
    }

    private readonly struct MaximumOperation(DeviceSpan images, ImageWindow window, DeviceSpan outputs, DeviceSpan winners, int count) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new MaximumPool<B, V>(device.Buffer(images), device.Buffer(outputs), device.Buffer(winners), window),
                count * window.OutputHeight, ImageSize(window) / window.OutputHeight);
    }

    private readonly struct TangentOperation(
        DeviceSpan block, ImageWindow window, DeviceSpan winners, DeviceSpan result, int count, int images) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new MaximumPoolTangent<B, V>(device.Buffer(block), device.Buffer(winners), device.Buffer(result), window, images),
                count * window.OutputHeight, ImageSize(window) / window.OutputHeight);
    }

    private readonly struct GradientOperation(
        DeviceSpan block, ImageWindow window, DeviceSpan winners, DeviceSpan result, int count, int images) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new MaximumPoolGradient<B, V>(device.Buffer(block), device.Buffer(winners), device.Buffer(result), window, images),
                count * window.Height, window.Width * window.Channels);
    }

    private readonly struct AverageOperation(DeviceSpan images, ImageWindow window, DeviceSpan outputs, int count) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new AveragePool<B, V>(device.Buffer(images), device.Buffer(outputs), window, V.Constant(Share(window))),
                count * window.OutputHeight, ImageSize(window) / window.OutputHeight);
    }

    private readonly struct AverageGradientOperation(DeviceSpan gradients, ImageWindow window, DeviceSpan result, int count) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new AveragePoolGradient<B, V>(device.Buffer(gradients), device.Buffer(result), window, V.Constant(Share(window))),
                count * window.Height, window.Width * window.Channels);
    }

    private static double Share(in ImageWindow window) => 1.0 / (window.WindowHeight * window.WindowWidth);
}
