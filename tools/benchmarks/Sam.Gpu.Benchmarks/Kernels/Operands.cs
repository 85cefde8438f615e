using System.Runtime.InteropServices;
using Sam.Gpu.Data;
using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>
/// A device and the memory of a case, on it and off it; all freed together. Everything starts from normally distributed numbers, unless
/// it says otherwise.
/// </summary>
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

    /// <summary>Memory of the device that holds no negative numbers.</summary>
    /// <param name="length">Its numbers.</param>
    public DeviceSpan Positive(int length)
    {
        var span = Span(length);
        device.Multiply(span, span, span);
        return span;
    }

    /// <summary>Memory of the device that holds one number everywhere.</summary>
    /// <param name="length">Its numbers.</param>
    /// <param name="number">The number.</param>
    public DeviceSpan Filled(int length, double number)
    {
        var span = Span(length);
        device.Fill(span, number);
        return span;
    }

    /// <summary>Memory of the device that holds random tokens, none of them the padding.</summary>
    /// <param name="length">Its numbers.</param>
    /// <param name="vocabulary">The tokens are 1 … vocabulary − 1.</param>
    public DeviceSpan Tokens(int length, int vocabulary)
    {
        var random = new RandomStream(0, "tokens");
        return Whole([.. Enumerable.Range(0, length).Select(_ => 1 + random.NextBelow(vocabulary - 1))]);
    }

    /// <summary>Memory of the device that holds 0 … length − 1 in a random order.</summary>
    /// <param name="length">Its numbers.</param>
    public DeviceSpan Permutation(int length) => Whole(new RandomStream(0, "permutation").Permutation(length));

    /// <summary>What calls an operation on vectors.</summary>
    /// <param name="count">The vectors.</param>
    /// <param name="length">The numbers of each.</param>
    /// <param name="call">The call.</param>
    public Action Call(int count, int length, Action<DeviceSpan[]> call)
    {
        DeviceSpan[] vectors = [.. Enumerable.Range(0, count).Select(_ => Span(length))];
        return () => call(vectors);
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

    private DeviceSpan Whole(int[] numbers)
    {
        var span = Span(numbers.Length);
        device.Upload((double[])[.. numbers], span);
        return span;
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
