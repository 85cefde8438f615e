using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;
using Sam.Gpu.TestSupport;

namespace Sam.Gpu.Tests.Experiments;

/// <summary>Gives a device of the tests' own to runs, under the name <c>ilgpu-cpu</c>.</summary>
/// <param name="create">Makes the device.</param>
internal sealed class OneDevice(Func<Device> create) : IDeviceProvider
{
    /// <summary>The device that was made last.</summary>
    public Device? Device { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.IlgpuCpu];

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> List() =>
    [
        new() { Id = "ilgpu-cpu", Kind = DeviceKind.IlgpuCpu, Name = "own", Memory = long.MaxValue, Driver = "", SupportsDouble = true },
    ];

    /// <inheritdoc/>
    public Device Create(DeviceDescription description, DeviceOptions options) => Device = create();
}

/// <summary>Counts what is allocated.</summary>
internal sealed class CountingDevice() : RelayDevice<Float1, HostBuffer<Float1>>(new CpuDevice<Float1>(1))
{
    /// <summary>The allocations so far.</summary>
    public int Allocations { get; private set; }

    /// <inheritdoc/>
    public override DeviceMemory Allocate(int length, string name)
    {
        Allocations++;
        return base.Allocate(length, name);
    }
}
