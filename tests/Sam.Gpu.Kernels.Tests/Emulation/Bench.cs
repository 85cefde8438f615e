using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;
using Xunit;
using Buffer = Sam.Gpu.TestSupport.CheckedBuffer<Sam.Gpu.Kernels.Lanes.Float1>;

namespace Sam.Gpu.Kernels.Tests.Emulation;

/// <summary>An emulated device with memory on it, for kernels that are meant to fail.</summary>
internal sealed class Bench(int groupSize) : IDisposable
{
    private const int Length = 8;

    public EmulatedDevice<Float1> Device { get; } = new(groupSize);

    public DeviceSpan UnwrittenSpan(string name, int length = Length) => Device.Allocate(length, name).Span;

    public DeviceSpan WrittenSpan(string name, int length = Length)
    {
        var span = UnwrittenSpan(name, length);
        Device.Upload([.. Enumerable.Range(1, length).Select(i => (double)i)], span);
        return span;
    }

    public Buffer Unwritten(string name, int length = Length) => Device.Buffer(UnwrittenSpan(name, length));

    public Buffer Written(string name, int length = Length) => Device.Buffer(WrittenSpan(name, length));

    /// <summary>The fault of a kernel over eight elements.</summary>
    public KernelFaultException ElementFault<K>(K kernel)
        where K : struct, IElementKernel => Assert.Throws<KernelFaultException>(() => Device.LaunchElements(kernel, Length));

    /// <summary>The fault of a kernel over rows.</summary>
    public KernelFaultException RowFault<K>(K kernel, int rows)
        where K : struct, IRowKernel<Float1> => Assert.Throws<KernelFaultException>(() => Device.LaunchRows(kernel, rows, Length));

    /// <summary>The fault of a kernel over tiles.</summary>
    public KernelFaultException TileFault<K>(K kernel, int tiles)
        where K : struct, ITileKernel<Float1> => Assert.Throws<KernelFaultException>(() => Device.LaunchTiles(kernel, tiles));

    /// <summary>Asserts that a message names a kernel first, and the other things somewhere.</summary>
    public static void AssertNames(KernelFaultException fault, string kernel, params string[] parts)
    {
        Assert.StartsWith(kernel + ":", fault.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    public void Dispose() => Device.Dispose();
}
