using System.Runtime.InteropServices;

namespace Sam.Gpu.Devices;

/// <summary>The machine's own processor: always there.</summary>
public sealed class CpuProvider : IDeviceProvider
{
    /// <inheritdoc/>
    public IReadOnlyList<DeviceKind> Kinds => [DeviceKind.Cpu];

    /// <inheritdoc/>
    public string? Missing => null;

    /// <inheritdoc/>
    public IReadOnlyList<DeviceDescription> List() =>
    [
        new DeviceDescription
        {
            Id = "cpu",
            Kind = DeviceKind.Cpu,
            Name = ProcessorName(),
            Memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Driver = $".NET {Environment.Version}",
            SupportsDouble = true,
        },
    ];

    /// <inheritdoc/>
    public Device Create(DeviceDescription description, DeviceOptions options)
    {
        MatrixProductRequest.RefuseVendor(description, options);
        return CpuDevice.Create(options.Precision, options.Threads);
    }

    /// <summary>The processor's name and architecture.</summary>
    public static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = null;
        if (OperatingSystem.IsLinux() && File.Exists(Linux))
        {
            name = File.ReadLines(Linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        }

        name ??= Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        string architecture = RuntimeInformation.ProcessArchitecture.ToString();
        return string.IsNullOrEmpty(name) ? architecture : $"{name} ({architecture})";
    }
}
