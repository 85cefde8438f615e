using Sam.Gpu.Kernels;
using Sam.Gpu.Networks;
using Sam.Gpu.Operations;
using Sam.Gpu.TestSupport;
using Xunit;

namespace Sam.Gpu.Tests.Operations;

/// <summary>Operations with a window, against plain loops over a padded image. Images [N, H, W, C], channels around the widths of lanes.</summary>
public class ImageOperationsTests
{
    private const int Images = 3;

    private static readonly (ImageShape Image, Window Window)[] Cases =
    [
        (new(1, 3, 4), new(1, 1)), (new(3, 5, 4), new(3, 3, Padding: null)), (new(4, 4, 6), new(2, 3, 2, 1)), (new(8, 3, 5), new(3, 2, 1, 1)),
        (new(16, 4, 4), new(2, 2, 2)), (new(17, 3, 3), new(3, 3, 2, null)), (new(3, 5, 6), new(2, 2, 2, 1)), (new(2, 6, 7), new(2, 1, 3)),
    ];

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Columns_are_what_the_window_sees(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (image, shape) in Cases)
        {
            var window = shape.Over(image);
            // Two directions, with room between their images.
            int stride = (Images * image.Size) + 3;
            double[] numbers = device.Normal(1, 2 * stride);
            double[] expected = [.. from k in Range(2) from cell in Cells(window) select At(numbers, k * stride, cell, image)];
            using var images = device.Place(numbers);
            using var columns = device.Allocate(expected.Length, "columns");
            device.ImageColumns(images.Span, stride, window, Images, 2, columns.Span);
            Near.Bits(expected, device.Read(columns.Span));
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Columns_of_images_channels_first_are_the_same_transposed(string key)
    {
        using var device = TestDevices.Create(key);
        (ImageShape Image, Window Window)[] wide =
            [(new(1, 2, 37), new(3, 3, Padding: null)), (new(2, 3, 16), new(1, 5, Padding: 2)), (new(2, 2, 40), new(2, 40, Padding: 39))];
        foreach (var (image, shape) in (IEnumerable<(ImageShape, Window)>)[.. Cases, .. wide])
        {
            var window = shape.Over(image);
            double[] numbers = device.Normal(1, Images * image.Size);
            var cells = Cells(window).ToLookup(cell => (cell.Channel, cell.Place), cell => Planar(cell));
            double[] places = [.. cells.OrderBy(place => place.Key).SelectMany(place => place)];
            using var images = device.Place(numbers);
            foreach (bool hasOnes in (bool[])[false, true])
            {
                double[] expected = hasOnes ? [.. places, .. Enumerable.Repeat(1.0, cells.First().Count())] : places;
                using var columns = device.Allocate(expected.Length, "columns");
                device.PlanarColumns(images.Span, window, Images, columns.Span);
                Near.Bits(expected, device.Read(columns.Span));
            }

            double Planar(Cell cell) => IsInside(cell, image)
                ? numbers[(cell.Image * image.Size) + (cell.Channel * image.Pixels) + (cell.Row * image.Width) + cell.Column]
                : 0;
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void The_transposed_columns_add_up_at_the_pixels_they_show(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (image, shape) in Cases)
        {
            var window = shape.Over(image);
            var cells = Cells(window).ToArray();
            double[] numbers = device.Normal(1, cells.Length);
            double[] expected = new double[Images * image.Size];
            for (int i = 0; i < cells.Length; i++)
            {
                if (IsInside(cells[i], image))
                {
                    expected[Index(cells[i], image)] += numbers[i];
                }
            }

            using var columns = device.Place(numbers);
            using var images = device.Allocate(expected.Length, "images");
            device.ImageColumnsTransposed(columns.Span, window, Images, 1, images.Span, 0);

            // At most nine numbers of a few units.
            Near.Numbers(expected, device.Read(images.Span), 64 * device.UnitRoundoff, $"pixel under {shape}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Maxima_go_to_the_first_that_has_them_and_gradients_with_them(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (image, shape) in Cases)
        {
            // Small integers, so that there are many ties.
            var window = shape.Over(image);
            double[] numbers = [.. DeviceNumbers.Normal(1, Images * image.Size).Select(number => Math.Round(number))];
            double[] tangents = device.Normal(2, 2 * numbers.Length);
            var windows = Windows(window, image);
            double[] gradients = device.Normal(3, 2 * windows.Length);
            double[] largest = Array.ConvertAll(windows, cells => cells.Max(cell => numbers[Index(cell, image)]));
            // MaxBy takes the first of several, too.
            int[] winners = Array.ConvertAll(windows, cells => Index(cells.MaxBy(cell => numbers[Index(cell, image)]), image));
            double[] gradient = new double[2 * numbers.Length];
            for (int i = 0; i < gradients.Length; i++)
            {
                gradient[(i / winners.Length * numbers.Length) + winners[i % winners.Length]] += gradients[i];
            }

            using var images = device.Place(numbers);
            using var outputs = device.Allocate(largest.Length, "outputs");
            using var won = device.Allocate(largest.Length, "winners");
            using var block = device.Place(tangents);
            using var tangent = device.Allocate(2 * largest.Length, "tangent");
            using var outputGradient = device.Place(gradients);
            using var inputGradient = device.Allocate(gradient.Length, "gradient");
            device.MaximumPool(images.Span, window, outputs.Span, won.Span);
            device.MaximumPoolTangent(block.Span, window, won.Span, tangent.Span);
            device.MaximumPoolGradient(outputGradient.Span, window, won.Span, inputGradient.Span);
            Near.Bits(largest, device.Read(outputs.Span));
            Near.Bits([.. from k in Range(2) from winner in winners select tangents[(k * numbers.Length) + winner]], device.Read(tangent.Span));
            Near.Numbers(gradient, device.Read(inputGradient.Span), 64 * device.UnitRoundoff, $"gradient under {shape}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void A_maximum_may_be_minus_infinity_and_NaN_wins(string key)
    {
        using var device = TestDevices.Create(key);
        var window = new Window(1, 2, 2).Over(new ImageShape(1, 1, 6));
        using var images = device.Place([double.NegativeInfinity, double.NegativeInfinity, 1, double.NaN, double.NaN, 1]);
        using var outputs = device.Allocate(3, "outputs");
        using var winners = device.Allocate(3, "winners");
        device.MaximumPool(images.Span, window, outputs.Span, winners.Span);
        Assert.Equal([double.NegativeInfinity, double.NaN, double.NaN], device.Read(outputs.Span));
        Assert.Equal([0, 1, 0], device.Read(winners.Span));
    }

    [Theory]
    [MemberData(nameof(TestDevices.Keys), MemberType = typeof(TestDevices))]
    public void Means_count_padding_as_zeros(string key)
    {
        using var device = TestDevices.Create(key);
        foreach (var (image, shape) in Cases)
        {
            var window = shape.Over(image);
            double share = 1.0 / (window.WindowHeight * window.WindowWidth);
            double[] numbers = device.Normal(1, Images * image.Size);
            var windows = Windows(window, image);
            double[] gradients = device.Normal(3, windows.Length);
            double[] gradient = new double[numbers.Length];
            for (int i = 0; i < windows.Length; i++)
            {
                foreach (var cell in windows[i])
                {
                    gradient[Index(cell, image)] += share * gradients[i];
                }
            }

            using var images = device.Place(numbers);
            using var outputs = device.Allocate(windows.Length, "outputs");
            using var outputGradient = device.Place(gradients);
            using var inputGradient = device.Allocate(numbers.Length, "gradient");
            device.AveragePool(images.Span, window, outputs.Span);
            device.AveragePoolGradient(outputGradient.Span, window, inputGradient.Span);
            double[] expected = [.. windows.Select(cells => share * cells.Sum(cell => numbers[Index(cell, image)]))];
            Near.Numbers(expected, device.Read(outputs.Span), 64 * device.UnitRoundoff, $"mean under {shape}");
            Near.Numbers(gradient, device.Read(inputGradient.Span), 64 * device.UnitRoundoff, $"gradient under {shape}");
        }
    }

    [Theory]
    [InlineData(5, 3, 1, null, 1, 5)]
    [InlineData(5, 3, 2, null, 1, 3)]
    [InlineData(6, 3, 2, null, 0, 3)]
    [InlineData(6, 2, 1, null, 0, 6)]
    [InlineData(7, 5, 3, null, 2, 3)]
    [InlineData(4, 1, 3, null, 0, 2)]
    [InlineData(5, 3, 1, 0, 0, 3)]
    [InlineData(5, 3, 2, 2, 2, 4)]
    [InlineData(2, 2, 2, 0, 0, 1)]
    public void Padding_and_outputs_are_those_of_JAX_and_PyTorch(int size, int length, int stride, int? padding, int before, int outputs)
    {
        var window = new Window(length, length, stride, padding).Over(new ImageShape(1, size, size));
        Assert.Equal((before, before, outputs, outputs), (window.Top, window.Left, window.OutputHeight, window.OutputWidth));
    }

    [Fact]
    public void A_window_that_does_not_fit_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => new Window(3, 3).Over(new ImageShape(1, 2, 5)));
        Assert.Throws<ArgumentException>(() => new Window(3, 3, 0).Over(new ImageShape(1, 5, 5)));
        Assert.Throws<ArgumentException>(() => new Window(0, 3).Over(new ImageShape(1, 5, 5)));
        Assert.Throws<ArgumentException>(() => new MaximumPooling(new ImageShape(1, 5, 5), new Window(2, 2, 2, 2)));
    }

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    // Every place of the columns, in their order, with the pixel it shows, which may lie in the padding.
    private static IEnumerable<Cell> Cells(ImageWindow window) =>
        from image in Range(Images)
        from y in Range(window.OutputHeight)
        from x in Range(window.OutputWidth)
        from v in Range(window.WindowHeight)
        from u in Range(window.WindowWidth)
        from c in Range(window.Channels)
        select new Cell(image, (y * window.Stride) - window.Top + v, (x * window.Stride) - window.Left + u, c, (v * window.WindowWidth) + u);

    // For each output, in the order of the outputs, the pixels that its window shows, in reading order.
    private static Cell[][] Windows(ImageWindow window, ImageShape image)
    {
        int cells = window.WindowHeight * window.WindowWidth;
        return
        [
            .. from output in Cells(window).Chunk(cells * window.Channels)
               from c in Range(window.Channels)
               select output.Where(cell => cell.Channel == c && IsInside(cell, image)).ToArray(),
        ];
    }

    private static bool IsInside(Cell cell, ImageShape image) =>
        cell.Row >= 0 && cell.Row < image.Height && cell.Column >= 0 && cell.Column < image.Width;

    private static int Index(Cell cell, ImageShape image) =>
        (cell.Image * image.Size) + (((cell.Row * image.Width) + cell.Column) * image.Channels) + cell.Channel;

    private static double At(double[] numbers, int origin, Cell cell, ImageShape image) =>
        IsInside(cell, image) ? numbers[origin + Index(cell, image)] : 0;

    private readonly record struct Cell(int Image, int Row, int Column, int Channel, int Place);
}
