using Sam.Gpu.Devices;

namespace Sam.Gpu.Ilgpu;

/// <summary>Stands in for the devices of ILGPU where its package could not be restored: gives none, and says why.</summary>
public sealed class IlgpuProvider : IDeviceProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.Cuda, DeviceKind.OpenClGpu, DeviceKind.OpenClOther, DeviceKind.IlgpuCpu];

    /// <inheritdoc/>
    public string? Missing =>
        "this program was built without the packages ILGPU and ILGPU.Algorithms, which could not be restored from NuGet when it was built; "
        + "with them in reach, run tools/packages to try again";

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> List() => [];

    /// <inheritdoc/>
    public Device Create(DeviceDescription description, DeviceOptions options) => throw new DeviceException($"{description.Id}: {Missing}.");
}
