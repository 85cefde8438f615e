namespace Sam.Gpu.Devices;

/// <summary>An allocation on a device: numbers of the device's precision.</summary>
/// <remarks>Freed by <see cref="Dispose()"/>; using it afterwards is an error of the program. Not safe for use from several threads.</remarks>
public abstract class DeviceMemory : IDisposable
{
    /// <summary>Creates the description of an allocation.</summary>
    /// <param name="device">The device that owns it.</param>
    /// <param name="name">What it holds, for messages.</param>
    /// <param name="length">The number of numbers, ≥ 0.</param>
    protected DeviceMemory(Device device, string name, int length)
    {
        Device = device;
        Name = name;
        Length = length;
    }

    /// <summary>The device that owns the memory.</summary>
    public Device Device { get; }

    /// <summary>What the memory holds, for messages.</summary>
    public string Name { get; }

    /// <summary>The number of numbers.</summary>
    public int Length { get; }

    /// <summary>The whole allocation.</summary>
    public DeviceSpan Span => new(this, 0, Length);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called, not the finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
