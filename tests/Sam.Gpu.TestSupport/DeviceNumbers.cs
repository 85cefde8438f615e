using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.TestSupport;

/// <summary>Numbers between the host and a device, for tests.</summary>
public static class DeviceNumbers
{
    /// <summary>Allocates memory that holds the given numbers.</summary>
    /// <param name="device">The device.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="name">What they are.</param>
    public static DeviceMemory Place(this Device device, double[] numbers, string name = "numbers of a test")
    {
        var memory = device.Allocate(numbers.Length, name);
        device.Upload(numbers.AsSpan(), memory.Span);
        return memory;
    }

    /// <summary>The numbers of a span.</summary>
    /// <param name="device">The device.</param>
    /// <param name="span">The span.</param>
    public static double[] Read(this Device device, DeviceSpan span)
    {
        double[] numbers = new double[span.Length];
        device.Download(span, numbers);
        return numbers;
    }

    /// <summary>A number rounded to the device's precision.</summary>
    /// <param name="device">The device.</param>
    /// <param name="number">The number.</param>
    public static double Round(this Device device, double number) => device.Precision == Precision.Double ? number : (float)number;

    /// <summary>Normal numbers, rounded to the device's precision, so that host and device begin with the same ones.</summary>
    /// <param name="device">The device.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many.</param>
    public static double[] Normal(this Device device, ulong seed, int count) => [.. Normal(seed, count).Select(number => Round(device, number))];

    /// <summary>Normal numbers.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="count">How many.</param>
    public static double[] Normal(ulong seed, int count)
    {
        var random = new RandomStream(seed, "test");
        double[] numbers = new double[count];
        foreach (ref double number in numbers.AsSpan())
        {
            number = random.NextGaussian();
        }

        return numbers;
    }
}
