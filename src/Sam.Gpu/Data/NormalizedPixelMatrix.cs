namespace Sam.Gpu.Data;

/// <summary>Images stored as bytes: a value is the pixel less the mean of its place, over the scale of its place.</summary>
/// <param name="pixels">[at least rows, columns].</param>
/// <param name="mean">[columns], of the bytes.</param>
/// <param name="scale">[columns], above 0.</param>
/// <param name="rows">The number of images.</param>
internal sealed class NormalizedPixelMatrix(byte[] pixels, double[] mean, double[] scale, int rows) : ExampleMatrix(rows, mean.Length)
{
    internal override ExampleMatrix Take(int rows) => new NormalizedPixelMatrix(pixels, mean, scale, rows);

    private protected override void ReadRow<T>(int row, Span<T> destination)
    {
        var source = pixels.AsSpan(row * Columns, Columns);
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = T.CreateTruncating((source[i] - mean[i]) / scale[i]);
        }
    }
}
