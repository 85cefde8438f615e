namespace Sam.Gpu.Devices;

/// <summary>A way to devices: a library or a driver that this program may or may not find.</summary>
public interface IDeviceProvider
{
    /// <summary>The kinds of device that it could give.</summary>
    IReadOnlyList<DeviceKind> Kinds { get; }

    /// <summary>What keeps it from giving any, with the way out; null if nothing does.</summary>
    string? Missing { get; }

    /// <summary>The devices that it can give, best first within a kind; none where something is <see cref="Missing"/>.</summary>
    /// <exception cref="DeviceException">A driver does not start.</exception>
    IReadOnlyList<DeviceDescription> List();

    /// <summary>Makes a device ready to use.</summary>
    /// <param name="description">One of <see cref="List"/>.</param>
    /// <param name="options">How it is to compute.</param>
    /// <exception cref="DeviceException">The device cannot compute that way, or does not start.</exception>
    Device Create(DeviceDescription description, DeviceOptions options);
}
