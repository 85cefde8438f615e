using System.Runtime.CompilerServices;

namespace Sam.Gpu.Kernels;

/// <summary>A window that moves over an image: where output (y, x) looks. Output (y, x) sees the rows y·Stride − Top … and the columns x·Stride − Left ….</summary>
/// <remarks>Images lie channels last: number (y, x, c) at (y·Width + x)·Channels + c. What lies outside of the image is padding, zero.</remarks>
/// <param name="channels">C, the numbers of a pixel.</param>
/// <param name="height">H, the rows of the image.</param>
/// <param name="width">W, its columns.</param>
/// <param name="windowHeight">The rows of the window.</param>
/// <param name="windowWidth">Its columns.</param>
/// <param name="stride">How far the window moves from one output to the next.</param>
/// <param name="top">The rows of padding above the image.</param>
/// <param name="left">The columns of padding left of it.</param>
/// <param name="outputHeight">The rows of the output.</param>
/// <param name="outputWidth">Its columns.</param>
public readonly struct ImageWindow(
    int channels, int height, int width, int windowHeight, int windowWidth, int stride, int top, int left, int outputHeight, int outputWidth)
{
    /// <summary>C, the numbers of a pixel.</summary>
    public readonly int Channels = channels;

    /// <summary>H, the rows of the image.</summary>
    public readonly int Height = height;

    /// <summary>W, its columns.</summary>
    public readonly int Width = width;

    /// <summary>The rows of the window.</summary>
    public readonly int WindowHeight = windowHeight;

    /// <summary>Its columns.</summary>
    public readonly int WindowWidth = windowWidth;

    /// <summary>How far the window moves from one output to the next.</summary>
    public readonly int Stride = stride;

    /// <summary>The rows of padding above the image.</summary>
    public readonly int Top = top;

    /// <summary>The columns of padding left of it.</summary>
    public readonly int Left = left;

    /// <summary>The rows of the output.</summary>
    public readonly int OutputHeight = outputHeight;

    /// <summary>Its columns.</summary>
    public readonly int OutputWidth = outputWidth;

    /// <summary>Whether a pixel may be seen by more than one window.</summary>
    public bool Overlaps
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => WindowHeight > Stride || WindowWidth > Stride;
    }

    /// <summary>The strides that a row of the image has, from where the first window begins; more than <see cref="OutputWidth"/> if pixels follow that none sees.</summary>
    public int ColumnStrides
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Width + Left + Stride - 1) / Stride;
    }

    /// <summary>The last row of the output whose window may show row v of the image; below 0 where there is none.</summary>
    /// <remarks>
    /// Row y of the output shows it in row v + Top − y·Stride of its window, if the window has so many: each row before the last shows it
    /// one stride further down.
    /// </remarks>
    /// <param name="v">A row of the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LastRowSeeing(int v) => Last(v + Top, OutputHeight);

    /// <summary>The last column of the output whose window may show column u of the image, likewise.</summary>
    /// <param name="u">A column of the image.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LastColumnSeeing(int u) => Last(u + Left, OutputWidth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Last(int distance, int outputs)
    {
        int last = Stride == 1 ? distance : distance / Stride;
        return last < outputs ? last : outputs - 1;
    }
}
