using System.Diagnostics;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Checks;

/// <summary>How fast a device copies and multiplies, in its precision, after a first run that is not counted.</summary>
/// <param name="Copy">The bandwidth of <see cref="Device.Copy"/>.</param>
/// <param name="Scale">The bandwidth of a kernel that scales a vector.</param>
/// <param name="Side">The side of the square matrices.</param>
/// <param name="MatrixRate">Additions and multiplications a second of their product.</param>
public sealed record DeviceRates(Bandwidth Copy, Bandwidth Scale, int Side, double MatrixRate)
{
    // More than the caches of processors and GPUs hold; and what a product of this side takes is memory enough for any device.
    private const long LargestArray = 256L << 20;
    private const int LargestSide = 8192;

    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(0.2);

    /// <summary>Measures a device. Sizes grow until a run takes long enough, or are large.</summary>
    /// <param name="device">The device.</param>
    /// <exception cref="DeviceException">It has not enough memory: up to 2 GB are used.</exception>
    public static DeviceRates Measure(Device device)
    {
        var copy = MeasureBandwidth(device, (source, target) => device.Copy(source, target));
        var scale = MeasureBandwidth(device, (source, target) => device.Scale(source, 0.5, target));
        int side = 64;
        while (true)
        {
            double seconds = MeasureProduct(device, side);
            if (seconds >= Enough.TotalSeconds || side == LargestSide)
            {
                return new DeviceRates(copy, scale, side, 2.0 * side * side * side / seconds);
            }

            side *= 2;
        }
    }

    private static Bandwidth MeasureBandwidth(Device device, Action<DeviceSpan, DeviceSpan> work)
    {
        for (int length = 1 << 16; ; length *= 4)
        {
            using var source = device.Allocate(length, "source of the bandwidth");
            using var target = device.Allocate(length, "target of the bandwidth");
            device.Upload(new float[length], source.Span);
            long bytes = (long)length * device.ElementSize;
            double seconds = Time(device, () => work(source.Span, target.Span));
            if (bytes >= LargestArray || seconds >= Enough.TotalSeconds)
            {
                return new Bandwidth(bytes, 2 * bytes / seconds);
            }
        }
    }

    private static double MeasureProduct(Device device, int side)
    {
        using var a = Matrix(device, side, "left");
        using var b = Matrix(device, side, "right");
        using var c = device.Allocate(side * side, "product");
        DeviceMatrix Of(DeviceMemory memory) => new(memory.Span, side, side);
        return Time(device, () => device.Multiply(Of(a), Of(b), Of(c)));
    }

    private static DeviceMemory Matrix(Device device, int side, string name)
    {
        var random = new RandomStream(0, $"rate {name}");
        float[] numbers = new float[side * side];
        foreach (ref float number in numbers.AsSpan())
        {
            number = random.NextSign();
        }

        var memory = device.Allocate(numbers.Length, name);
        device.Upload(numbers, memory.Span);
        return memory;
    }

    // Seconds of a run: the first is not counted, then as many as it takes.
    private static double Time(Device device, Action work)
    {
        work();
        device.Synchronize();
        for (int count = 1; ; count *= 4)
        {
            var watch = Stopwatch.StartNew();
            for (int n = 0; n < count; n++)
            {
                work();
            }

            device.Synchronize();
            if (watch.Elapsed >= Enough / 2)
            {
                return watch.Elapsed.TotalSeconds / count;
            }
        }
    }
}
