using System.Runtime.InteropServices;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>A device and the memory of a case, on it and off it; all freed together. Everything starts from normal numbers.</summary>
internal sealed unsafe class Operands(Device device) : IDisposable
{
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
        device.Upload(Numbers(length), memory.Span);
        return memory.Span;
    }

    /// <summary>Memory of the host, aligned to cache lines.</summary>
    /// <param name="length">Its numbers, of the precision of the device.</param>
    public void* Host(int length)
    {
        void* address = NativeMemory.AlignedAlloc((nuint)length * (nuint)device.ElementSize, 64);
        addresses.Add((nint)address);
        double[] numbers = Numbers(length);
        for (int i = 0; i < length; i++)
        {
            if (device.Precision == Precision.Double)
            {
                ((double*)address)[i] = numbers[i];
            }
            else
            {
                ((float*)address)[i] = (float)numbers[i];
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

    private static double[] Numbers(int length)
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
