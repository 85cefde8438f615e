using Sam.Gpu.Kernels;

namespace Sam.Gpu.Networks;

/// <summary>The window of a convolution or of pooling: its size, how far it moves, and the padding around the image.</summary>
/// <param name="Height">The rows of the window, ≥ 1.</param>
/// <param name="Width">Its columns, ≥ 1.</param>
/// <param name="Stride">How far it moves, down and to the right, ≥ 1.</param>
/// <param name="Padding">The zeros on each side of the image, ≥ 0; null is SAME.</param>
/// <remarks>
/// SAME is that of TensorFlow and JAX: an image of n gives ⌈n / stride⌉ outputs, and where the padding is odd the larger half is at the
/// bottom and at the right. With stride 1 it is PyTorch's <c>padding='same'</c>.
/// </remarks>
public readonly record struct Window(int Height, int Width, int Stride = 1, int? Padding = 0)
{
    /// <summary>The window over an image.</summary>
    /// <param name="image">The shape of the image.</param>
    /// <exception cref="ArgumentException">The window is larger than the image with its padding, or a size is out of range.</exception>
    public ImageWindow Over(ImageShape image)
    {
        if (Height < 1 || Width < 1 || Stride < 1 || Padding < 0)
        {
            throw new ArgumentException($"A window of {Height}×{Width}, stride {Stride} and padding {Padding} is not possible.");
        }

        var (top, rows) = Place(image.Height, Height);
        var (left, columns) = Place(image.Width, Width);
        return rows >= 1 && columns >= 1
            ? new ImageWindow(image.Channels, image.Height, image.Width, Height, Width, Stride, top, left, rows, columns)
            : throw new ArgumentException(
                $"A window of {Height}×{Width} does not fit into an image of {image.Height}×{image.Width} with {Padding} zeros on each side.");
    }

    // The padding before the first pixel, and the number of outputs.
    private (int Before, int Outputs) Place(int size, int window)
    {
        if (Padding is { } padding)
        {
            int room = size + (2 * padding) - window;
            return (padding, room < 0 ? 0 : (room / Stride) + 1);
        }

        int outputs = (size + Stride - 1) / Stride;
        return (Math.Max(((outputs - 1) * Stride) + window - size, 0) / 2, outputs);
    }
}
