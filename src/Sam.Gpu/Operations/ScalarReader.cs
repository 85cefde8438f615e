using Sam.Gpu.Devices;

namespace Sam.Gpu.Operations;

/// <summary>Reductions of vectors on a device whose one number is wanted on the host at once. Each waits for the device.</summary>
/// <param name="device">The device.</param>
public sealed class ScalarReader(Device device) : IDisposable
{
    private readonly DeviceMemory number = device.Allocate(1, "number read");
    private DeviceMemory? difference;

    /// <summary>x·y.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector; as long.</param>
    public double Dot(DeviceSpan x, DeviceSpan y)
    {
        device.Dot(x, y, number.Span);
        return Read(number.Span);
    }

    /// <summary>‖x‖.</summary>
    /// <param name="x">The vector.</param>
    public double Norm(DeviceSpan x)
    {
        device.Norm(x, number.Span);
        return Read(number.Span);
    }

    /// <summary>‖x − y‖: the distance of two trajectories.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector; as long.</param>
    public double Distance(DeviceSpan x, DeviceSpan y)
    {
        if (difference is null || difference.Length < x.Length)
        {
            difference?.Dispose();
            difference = device.Allocate(x.Length, "difference of vectors");
        }

        DeviceSpan span = difference.Span.Slice(0, x.Length);
        device.AddScaled(-1, y, x, span);
        return Norm(span);
    }

    /// <summary>The one number of a span.</summary>
    /// <param name="span">[1].</param>
    public double Read(DeviceSpan span)
    {
        double value = 0;
        device.Download(span, new Span<double>(ref value));
        return value;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        number.Dispose();
        difference?.Dispose();
    }
}
