using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>What convolutions and pooling do with images and windows, and the transposition of their weights.</summary>
internal static class ImageChecks
{
    private const int Directions = 2;
    private const int Images = 2;

    // Channels around the widths of lanes; padding on all sides, on some and none; windows that overlap, that touch and that leave gaps.
    private static readonly (ImageShape Image, Window Window)[] Small =
    [
        (new(1, 3, 4), new(1, 1, 2)), (new(3, 5, 4), new(3, 3, Padding: null)), (new(4, 4, 6), new(2, 3, 2, 1)), (new(8, 3, 5), new(3, 2, 1, 1)),
        (new(16, 4, 4), new(2, 2, 2)), (new(17, 3, 3), new(3, 3, 2, null)),
    ];

    private static readonly (ImageShape Image, Window Window)[] Large =
        [(new(3, 32, 32), new(3, 3, Padding: null)), (new(12, 14, 14), new(5, 5, Padding: null)), (new(20, 15, 15), new(3, 3, 2, 1))];

    /// <summary>Adds the rows.</summary>
    /// <param name="bench">The bench.</param>
    public static void Run(CheckBench bench)
    {
        foreach (var (image, shape) in bench.IsThorough ? [.. Small, .. Large] : Small)
        {
            string what = FormattableString.Invariant(
                $"{image.Channels} channels of {image.Height}×{image.Width}, window {shape.Height}×{shape.Width}, stride {shape.Stride}");
            var window = shape.Over(image);
            Columns(bench, what, image, window);
            MaximumPool(bench, what, image, window);
            AveragePool(bench, what, image, window);
        }

        Transpose(bench);
    }

    private static void Columns(CheckBench bench, string what, ImageShape image, ImageWindow window)
    {
        // The images of the second direction begin a little behind those of the first.
        int stride = (Images * image.Size) + 3;
        double[] images = bench.Normal($"images {what}", Directions * stride);
        double[] columns = bench.Normal($"columns {what}", Directions * Images * Outputs(window) * Cells(window) * image.Channels);
        bench.Check(
            "image columns", what, 0, false, [images, columns], 1,
            (device, spans) => device.ImageColumns(spans[0], stride, window, Images, Directions, spans[1]));
        bench.Check(
            "image columns, channels first", what, 0, false, [images, bench.Normal($"places {what}", (columns.Length / Directions) + Ones())], 1,
            (device, spans) => device.PlanarColumns(spans[0], window, Images, spans[1]));
        bench.Check(
            "image columns, transposed", what, Roundings.Sum(Cells(window)), true, [columns, images], 1,
            (device, spans) => device.ImageColumnsTransposed(spans[0], window, Images, Directions, spans[1], stride));

        int Ones() => Images * Outputs(window);
    }

    private static void MaximumPool(CheckBench bench, string what, ImageShape image, ImageWindow window)
    {
        // Whole numbers, so that there are ties in most windows.
        double[] images = Array.ConvertAll(bench.Normal($"whole images {what}", Images * image.Size), Math.Round);
        double[] outputs = new double[Images * Outputs(window) * image.Channels];
        double[][] operands = [images, outputs, new double[outputs.Length]];
        void Maximum(Device device, DeviceSpan[] spans) => device.MaximumPool(spans[0], window, spans[1], spans[2]);
        double[][] actual = bench.Run("maximum pool", operands, Maximum, 1, 2);
        double[][] expected = bench.Refer(operands, Maximum, 1, 2);
        bench.Row("maximum pool, numbers").Add(actual[0], expected[0], null, 0, bench.Precision, what);
        bench.Row("maximum pool, winners").Add(actual[1], expected[1], null, 0, bench.Precision, what);

        double[] block = bench.Normal($"image block {what}", Directions * images.Length);
        double[] outputBlock = bench.Normal($"output block {what}", Directions * outputs.Length);
        bench.Check(
            "maximum pool, tangent", what, 0, false, [block, expected[1], outputBlock], 2,
            (device, spans) => device.MaximumPoolTangent(spans[0], window, spans[1], spans[2]));

        // A pixel may win in every window that sees it: as many as a window has cells.
        bench.Check(
            "maximum pool, gradient", what, Roundings.Sum(Cells(window)), true, [outputBlock, expected[1], block], 2,
            (device, spans) => device.MaximumPoolGradient(spans[0], window, spans[1], spans[2]));
    }

    private static void AveragePool(CheckBench bench, string what, ImageShape image, ImageWindow window)
    {
        double[] images = bench.Normal($"images {what}", Images * image.Size);
        double[] outputs = bench.Normal($"outputs {what}", Images * Outputs(window) * image.Channels);

        // The sum, of which an ulp is 2 u at most, the rounded share, and their product.
        double bound = (2 * Roundings.Sum(Cells(window))) + 1 + Roundings.One;
        bench.Check(
            "average pool", what, bound, true, [images, outputs], 1, (device, spans) => device.AveragePool(spans[0], window, spans[1]));
        bench.Check(
            "average pool, gradient", what, bound, true, [outputs, images], 1,
            (device, spans) => device.AveragePoolGradient(spans[0], window, spans[1]));
    }

    private static void Transpose(CheckBench bench)
    {
        foreach (var (matrices, rows, columns) in ((int, int, int)[])
            [(1, 1, 1), (3, 4, 9), (2, 17, 3), (1, 5, 33), .. bench.IsThorough ? ((int, int, int)[])[(32, 64, 25)] : []])
        {
            string what = FormattableString.Invariant($"{matrices} of {rows}×{columns}");
            int size = matrices * rows * columns;
            (int xStride, int yStride) = (size + 2, size + 5);
            double[] x = bench.Normal($"x {what}", Directions * xStride);
            double[] y = bench.Normal($"y {what}", Directions * yStride);
            foreach (bool accumulate in (bool[])[false, true])
            {
                bench.Check(
                    accumulate ? "transpose, accumulated" : "transpose", what, accumulate ? Roundings.One : 0, false, [x, y], 1,
                    (device, spans) => device.Transpose(
                        spans[0], spans[1], matrices, rows, columns, Directions, xStride, yStride, accumulate));
            }
        }
    }

    private static int Outputs(ImageWindow window) => window.OutputHeight * window.OutputWidth;

    private static int Cells(ImageWindow window) => window.WindowHeight * window.WindowWidth;
}
