namespace Sam.Gpu.Networks;

/// <summary>The shape of an image. Between layers it lies channels last: number (y, x, c) at (y · Width + x) · Channels + c.</summary>
/// <param name="Channels">C, the numbers of a pixel, ≥ 1.</param>
/// <param name="Height">H, the rows, ≥ 1.</param>
/// <param name="Width">W, the columns, ≥ 1.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>H · W.</summary>
    public int Pixels => checked(Height * Width);

    /// <summary>C · H · W, the numbers of the image.</summary>
    public int Size => checked(Pixels * Channels);
}
