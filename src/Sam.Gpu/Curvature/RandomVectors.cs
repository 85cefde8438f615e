using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>Random vectors on a device, drawn on the host: the same on every device, but for rounding.</summary>
/// <param name="device">The device.</param>
/// <param name="dimension">P, the length of a vector.</param>
/// <param name="draw">Draws a number: <see cref="Uniform"/>, <see cref="Sign"/> or <see cref="Normal"/>.</param>
internal sealed class RandomVectors(Device device, int dimension, Func<RandomStream, double> draw)
{
    private const int UploadChunk = 1 << 14;

    private readonly double[] upload = new double[Math.Min(dimension, UploadChunk)];

    /// <summary>A number uniform on (−1, 1).</summary>
    public static double Uniform(RandomStream random) => ((random.NextUInt32() + 0.5) / (1U << 31)) - 1;

    /// <summary>−1 or 1, equally likely (Rademacher).</summary>
    public static double Sign(RandomStream random) => random.NextSign();

    /// <summary>A normal number: a vector of them has a direction uniform on the sphere.</summary>
    public static double Normal(RandomStream random) => random.NextGaussian();

    /// <summary>Fills a vector with independent numbers.</summary>
    /// <param name="random">The stream to draw from.</param>
    /// <param name="target">[P], written.</param>
    public void Fill(RandomStream random, DeviceSpan target)
    {
        for (int start = 0; start < dimension; start += upload.Length)
        {
            Span<double> part = upload.AsSpan(0, Math.Min(upload.Length, dimension - start));
            foreach (ref double number in part)
            {
                number = draw(random);
            }

            device.Upload(part, target.Slice(start, part.Length));
        }
    }
}
