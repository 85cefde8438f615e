using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Activations;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>What cnn:16-32 does beside products and layer norm, with 1,000 images of 32×32×3 or fewer where they are large.</summary>
internal static class ImageCases
{
    // 100 MB of floats.
    private const int LargestFootprint = 25_000_000;

    // The numbers of columns that the layers make at a time.
    private const int PieceLength = 1 << 19;

    private static readonly int[] Counts = [1000, 500, 200, 100, 50, 20, 10];
    private static readonly Window Seen = new(3, 3, Padding: null);
    private static readonly Window Pool = new(2, 2, Stride: 2);
    private static readonly ImageShape Colours = new(3, 32, 32);

    /// <summary>What the convolutions give out.</summary>
    public static IReadOnlyList<ImageShape> Outputs { get; } = [new(16, 32, 32), new(32, 16, 16)];

    /// <summary>The cases of a precision.</summary>
    /// <param name="precision">The precision.</param>
    public static IEnumerable<Case> All(Precision precision) =>
    [
        PlanarColumns(precision),
        .. Columns(precision),
        .. Weights(precision),
        .. Outputs.SelectMany(image => MaximumPooling(precision, image)),
        .. Outputs.SelectMany(image => AveragePooling(precision, image)),
        .. Flatten(precision, 1),
        .. Flatten(precision, Cases.Directions),
        .. Bias(precision, 1),
        .. Bias(precision, Cases.Directions),
        .. Activation(precision),
    ];

    /// <summary>How many images a case takes.</summary>
    /// <param name="numbers">The numbers in memory for each.</param>
    public static int Count(int numbers) => Counts.First(count => (long)count * numbers <= LargestFootprint);

    /// <summary>The shape of some images in names.</summary>
    /// <param name="count">How many.</param>
    /// <param name="image">The shape of one.</param>
    public static string Shape(int count, ImageShape image) =>
        FormattableString.Invariant($"{count}×{image.Height}×{image.Width}×{image.Channels}");

    // The columns of the first convolution, with the row of ones for the bias.
    private static Case PlanarColumns(Precision precision)
    {
        var window = Seen.Over(Colours);
        int columns = (1 + (Colours.Channels * Seen.Height * Seen.Width)) * Colours.Pixels;
        int count = PieceLength / columns;
        return Case.Pass(
            $"planar columns, {Shape(count, Colours)}", precision, (long)count * (Colours.Size + columns), o =>
            {
                var (images, result) = (o.Span(count * Colours.Size), o.Span(count * columns));
                return () => o.Device.PlanarColumns(images, window, count, result);
            });
    }

    // Those of the second, and the gradients that come back.
    private static IEnumerable<Case> Columns(Precision precision)
    {
        var image = Pooled(Outputs[0]);
        var window = Seen.Over(image);
        int length = Seen.Height * Seen.Width * image.Size;
        int count = PieceLength / length;
        long moved = (long)count * (image.Size + length);
        yield return Case.Pass($"image columns, {Shape(count, image)}", precision, moved, o =>
        {
            var (images, columns) = (o.Span(count * image.Size), o.Span(count * length));
            return () => o.Device.ImageColumns(images, 0, window, count, 1, columns);
        });
        yield return Case.Pass($"image columns transposed, {Shape(count, image)}", precision, moved, o =>
        {
            var (images, columns) = (o.Span(count * image.Size), o.Span(count * length));
            return () => o.Device.ImageColumnsTransposed(columns, window, count, 1, images, 0);
        });
    }

    // The weights of the second convolution to the order of its columns, and their gradients back, added to what is there. The
    // first-level cache holds them.
    private static IEnumerable<Case> Weights(Precision precision)
    {
        var (channels, inputs, cells) = (Outputs[1].Channels, Outputs[0].Channels, Seen.Height * Seen.Width);
        int length = channels * inputs * cells;
        string shape = FormattableString.Invariant($"{channels}×{inputs}×{cells}");
        foreach (int directions in (int[])[1, Cases.Directions])
        {
            yield return Case.Pass(
                $"transpose weights, {Cases.Block(directions)}, {shape}", precision, 2L * directions * length,
                isMemoryBound: false,
                prepare: o => o.Call(
                    2, directions * length, v => o.Device.Transpose(v[0], v[1], channels, inputs, cells, directions, length, length)));
            yield return Case.Pass(
                $"transpose weight gradients, {Cases.Block(directions)}, {shape}", precision, 3L * directions * length,
                isMemoryBound: false, inPlace: directions * length,
                prepare: o => o.Call(
                    2, directions * length,
                    v => o.Device.Transpose(v[0], v[1], channels, cells, inputs, directions, length, length, accumulate: true)));
        }
    }

    private static IEnumerable<Case> MaximumPooling(Precision precision, ImageShape image)
    {
        var window = Pool.Over(image);
        int outputs = Pooled(image).Size;
        yield return Pass("forward", image.Size + (2 * outputs), (o, count) =>
        {
            var (images, result, winners) = (o.Span(count * image.Size), o.Span(count * outputs), o.Span(count * outputs));
            return () => o.Device.MaximumPool(images, window, result, winners);
        });
        yield return Tangent(1);
        yield return Tangent(Cases.Directions);
        yield return Gradient("backward", 1);
        yield return Gradient($"{Cases.Block(Cases.Directions)} backward", Cases.Directions);

        Case Tangent(int directions) =>
            Pass($"{Cases.Block(directions)} forward", outputs + (directions * (image.Size + outputs)), (o, count) =>
            {
                var winners = Winners(o, count);
                var (block, result) = (o.Span(directions * count * image.Size), o.Span(directions * count * outputs));
                return () => o.Device.MaximumPoolTangent(block, window, winners, result);
            });

        Case Gradient(string name, int directions) =>
            Pass(name, outputs + (directions * (image.Size + outputs)), (o, count) =>
            {
                var winners = Winners(o, count);
                var (block, result) = (o.Span(directions * count * outputs), o.Span(directions * count * image.Size));
                return () => o.Device.MaximumPoolGradient(block, window, winners, result);
            });

        Case Pass(string name, int numbers, Func<Operands, int, Action> prepare) =>
            PerImage(precision, $"max pooling, {name}", image, numbers, prepare);

        DeviceSpan Winners(Operands o, int count)
        {
            var winners = o.Span(count * outputs);
            o.Device.MaximumPool(o.Span(count * image.Size), window, o.Span(count * outputs), winners);
            return winners;
        }
    }

    // A block is no more than more images.
    private static IEnumerable<Case> AveragePooling(Precision precision, ImageShape image)
    {
        var window = Pool.Over(image);
        int outputs = Pooled(image).Size;
        yield return PerImage(precision, "average pooling, forward", image, image.Size + outputs, (o, count) =>
        {
            var (images, result) = (o.Span(count * image.Size), o.Span(count * outputs));
            return () => o.Device.AveragePool(images, window, result);
        });
        yield return PerImage(precision, "average pooling, backward", image, image.Size + outputs, (o, count) =>
        {
            var (gradients, result) = (o.Span(count * outputs), o.Span(count * image.Size));
            return () => o.Device.AveragePoolGradient(gradients, window, result);
        });
    }

    // Channels first, and back. A direction alone goes as the images themselves.
    private static IEnumerable<Case> Flatten(Precision precision, int directions)
    {
        var image = Pooled(Outputs[1]);
        string block = directions == 1 ? "" : $"{Cases.Block(directions)} ";
        yield return Pass("forward", image.Pixels, image.Channels);
        yield return Pass("backward", image.Channels, image.Pixels);

        Case Pass(string name, int rows, int columns) =>
            PerImage(precision, $"flatten, {block}{name}", image, 2 * directions * image.Size, (o, count) =>
                o.Call(2, directions * count * image.Size, v => o.Device.Transpose(v[0], v[1], directions * count, rows, columns)));
    }

    // Of the second convolution; that of the first is part of its product.
    private static IEnumerable<Case> Bias(Precision precision, int directions)
    {
        var image = Outputs[1];
        int count = Count(directions * image.Size);
        return BiasCases.Add(precision, Shape(count, image), count * image.Pixels, image.Channels, directions);
    }

    private static IEnumerable<Case> Activation(Precision precision)
    {
        int count = Count((3 + (3 * Cases.Directions)) * Outputs[0].Size);
        return ActivationCases.All<Relu>(precision, "relu", Shape(count, Outputs[0]), count * Outputs[0].Size);
    }

    private static ImageShape Pooled(ImageShape image) =>
        image with { Height = image.Height / Pool.Height, Width = image.Width / Pool.Width };

    private static Case PerImage(Precision precision, string name, ImageShape image, int numbers, Func<Operands, int, Action> prepare)
    {
        int count = Count(numbers);
        return Case.Pass($"{name}, {Shape(count, image)}", precision, (long)count * numbers, o => prepare(o, count));
    }
}
