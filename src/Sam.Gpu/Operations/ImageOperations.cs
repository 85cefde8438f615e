using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>What a window sees of images, as a matrix. K directions, N images [H, W, C] each, P outputs of the window, Q = window rows · columns · C.</summary>
public static class ImageOperations
{
    /// <summary>columns[k, n, p, ·] = what the window sees at output p, in the order (window row, window column, channel); zeros for padding.</summary>
    /// <param name="device">The device.</param>
    /// <param name="images">[K, N, H, W, C]; those of direction k start at k · <paramref name="stride"/>.</param>
    /// <param name="stride">The distance between the images of two directions.</param>
    /// <param name="window">The window.</param>
    /// <param name="count">N.</param>
    /// <param name="directions">K.</param>
    /// <param name="columns">[K, N, P, Q].</param>
    public static void ImageColumns(
        this Device device, DeviceSpan images, int stride, in ImageWindow window, int count, int directions, DeviceSpan columns)
    {
        Check(images, stride, window, count, directions, columns);
        device.Execute(new ColumnsOperation(images, stride, window, count, directions, columns));
    }

    /// <summary>images[k, n, pixel] = the sum of all places of the columns that show the pixel.</summary>
    /// <param name="device">The device.</param>
    /// <param name="columns">[K, N, P, Q].</param>
    /// <param name="window">The window.</param>
    /// <param name="count">N.</param>
    /// <param name="directions">K.</param>
    /// <param name="images">[K, N, H, W, C], written; those of direction k start at k · <paramref name="stride"/>.</param>
    /// <param name="stride">The distance between the images of two directions.</param>
    public static void ImageColumnsTransposed(
        this Device device, DeviceSpan columns, in ImageWindow window, int count, int directions, DeviceSpan images, int stride)
    {
        Check(images, stride, window, count, directions, columns);
        device.Execute(new TransposedOperation(columns, window, count, directions, images, stride));
    }

    /// <summary>columns[place, n, p] = what a place of the window, (channel, window row, window column), shows at output p; zeros for padding.</summary>
    /// <param name="device">The device.</param>
    /// <param name="images">[N, C, H, W]: channels first.</param>
    /// <param name="window">The window.</param>
    /// <param name="count">N.</param>
    /// <param name="columns">[Q, N, P], or [Q + 1, N, P] with a last row of ones.</param>
    public static void PlanarColumns(this Device device, DeviceSpan images, in ImageWindow window, int count, DeviceSpan columns)
    {
        int outputs = count * window.OutputHeight * window.OutputWidth;
        int places = RowLength(window);
        Require.AtLeast(images, (long)count * window.Height * window.Width * window.Channels);
        Require.Length(columns, (long)outputs * (columns.Length > (long)outputs * places ? places + 1 : places));
        device.Execute(new PlanarOperation(images, window, count, columns));
    }

    private static void Check(DeviceSpan images, int stride, in ImageWindow window, int count, int directions, DeviceSpan columns)
    {
        long image = (long)window.Height * window.Width * window.Channels;
        Require.AtLeast(images, ((long)(directions - 1) * stride) + (count * image));
        Require.Length(columns, (long)directions * count * window.OutputHeight * window.OutputWidth * RowLength(window));
    }

    private static int RowLength(in ImageWindow window) => window.WindowHeight * window.WindowWidth * window.Channels;

    private readonly struct ColumnsOperation(
        DeviceSpan images, int stride, ImageWindow window, int count, int directions, DeviceSpan columns) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new ImageColumns<B, V>(device.Buffer(images), device.Buffer(columns), window, count, stride),
                directions * count * window.OutputHeight, window.OutputWidth * RowLength(window));
    }

    private readonly struct TransposedOperation(
        DeviceSpan columns, ImageWindow window, int count, int directions, DeviceSpan images, int stride) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchRows(
                new ImageColumnsTransposed<B, V>(device.Buffer(columns), device.Buffer(images), window, count, stride),
                directions * count * window.Height, window.OutputWidth * RowLength(window));
    }

    private readonly struct PlanarOperation(DeviceSpan images, ImageWindow window, int count, DeviceSpan columns) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V>
        {
            int outputs = window.OutputHeight * window.OutputWidth;
            device.LaunchRows(
                new PlanarColumns<B, V>(device.Buffer(images), device.Buffer(columns), window, count), columns.Length / outputs, outputs);
        }
    }
}
