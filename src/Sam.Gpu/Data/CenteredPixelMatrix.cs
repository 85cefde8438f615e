namespace Sam.Gpu.Data;

/// <summary>Images stored as bytes: a value is pixel/256 less the mean of its place.</summary>
/// <param name="pixels">[at least rows, columns].</param>
/// <param name="mean">[columns], of pixel/256.</param>
/// <param name="rows">The number of images.</param>
internal sealed class CenteredPixelMatrix(byte[] pixels, double[] mean, int rows) : ExampleMatrix(rows, mean.Length)
{
    internal override ExampleMatrix Take(int rows) => new CenteredPixelMatrix(pixels, mean, rows);

    private protected override void ReadRow<T>(int row, Span<T> destination)
    {
        var source = pixels.AsSpan(row * Columns, Columns);
        var center = mean.AsSpan(0, source.Length);
        for (var i = 0; i < source.Length; i++)
        {
            destination[i] = T.CreateTruncating((source[i] / 256.0) - center[i]);
        }
    }
}
