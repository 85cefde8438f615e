using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Curvature;

/// <summary>Quadratic forms zᵀHz of random signs z, in blocks of vectors that share a pass over the data.</summary>
internal static class Probes
{
    // As many as a network's passes take at once; more would only take memory.
    private const int LargestBlock = 8;

    /// <summary>The vectors to take at once, of length P.</summary>
    public static int Block(int dimension) => Math.Clamp(int.MaxValue / dimension, 1, LargestBlock);

    /// <summary>Samples the quadratic form.</summary>
    /// <param name="linear">H.</param>
    /// <param name="count">How many samples, ≥ 1: one product each.</param>
    /// <param name="random">The stream of the signs.</param>
    /// <param name="project">Changes a block of vectors [K, P] before the product; null for none.</param>
    public static double[] Sample(ILinearOperator linear, int count, RandomStream random, Action<DeviceSpan, int>? project = null)
    {
        var device = linear.Device;
        int dimension = linear.Dimension;
        int block = Math.Min(count, Block(dimension));
        using var vectors = device.Allocate(block * dimension, "random vectors");
        using var products = device.Allocate(block * dimension, "products of random vectors");
        using var dots = device.Allocate(block, "quadratic forms");
        var signs = new RandomVectors(device, dimension, RandomVectors.Sign);
        var samples = new double[count];
        for (int first = 0; first < count; first += block)
        {
            int part = Math.Min(block, count - first);
            for (int k = 0; k < part; k++)
            {
                signs.Fill(random, Row(vectors, k, 1));
            }

            project?.Invoke(Row(vectors, 0, part), part);
            linear.Apply(Row(vectors, 0, part), Row(products, 0, part), part);
            for (int k = 0; k < part; k++)
            {
                device.Dot(Row(vectors, k, 1), Row(products, k, 1), dots.Span.Slice(k, 1));
            }

            device.Download(dots.Span.Slice(0, part), samples.AsSpan(first, part));
        }

        return samples;

        DeviceSpan Row(DeviceMemory memory, int row, int rows) => memory.Span.Slice(row * dimension, rows * dimension);
    }
}
