using System.Runtime.InteropServices;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>A device and the memory of a case, on it and off it; all freed together. Everything starts from normal numbers.</summary>
internal sealed unsafe class Operands(Device device) : IDisposable
{
    // They repeat: to draw as many as the largest cases take would take longer than to time them.
    private static readonly double[] Numbers = Draw(1 << 16);

    private readonly List<DeviceMemory> memories = [];
    private readonly List<nint> addresses = [];

    /// <summary>The device.</summary>
    public Device Device => device;

    /// <summary>Memory of the device.</summary>
    /// <param name="length">Its numbers.</param>
    public DeviceSpan Span(int length)
    {
        var memory = device.Allocate(length, "operand");
        memories.Add(memory);
        for (int first = 0; first < length; first += Numbers.Length)
        {
            int count = Math.Min(Numbers.Length, length - first);
            device.Upload(Numbers.AsSpan(0, count), memory.Span.Slice(first, count));
        }

        return memory.Span;
    }

    /// <summary>Memory of the host, aligned to cache lines.</summary>
    /// <param name="length">Its numbers, of the precision of the device.</param>
    public void* Host(int length)
    {
        void* address = NativeMemory.AlignedAlloc((nuint)length * (nuint)device.ElementSize, 64);
        addresses.Add((nint)address);
        for (int i = 0; i < length; i++)
        {
            double number = Numbers[i % Numbers.Length];
            if (device.Precision == Precision.Double)
            {
                ((double*)address)[i] = number;
            }
            else
            {
                ((float*)address)[i] = (float)number;
            }
        }

        return address;
    }

    public void Dispose()
    {
        memories.ForEach(memory => memory.Dispose());
        addresses.ForEach(address => NativeMemory.AlignedFree((void*)address));
        device.Dispose();
    }

    private static double[] Draw(int length)
    {
        var random = new RandomStream(0, "operands");
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = random.NextGaussian();
        }

        return numbers;
    }
}
