using Sam.Gpu.Devices;

namespace Sam.Gpu.Ilgpu;

/// <summary>Stands in for the devices of ILGPU where its package could not be restored: gives none, and says why.</summary>
public sealed class IlgpuProvider : IDeviceProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.Cuda, DeviceKind.OpenClGpu, DeviceKind.OpenClOther, DeviceKind.IlgpuCpu];

    /// <inheritdoc/>
    public string? Missing => OptionalPackages.WhyMissing("ILGPU");

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> List() => [];

    /// <inheritdoc/>
    public Device Create(DeviceDescription description, DeviceOptions options) => throw new DeviceException($"{description.Id}: {Missing}.");
}
