namespace Sam.Gpu.Devices;

/// <summary>The devices of this machine, by the names that <c>--device</c> takes.</summary>
/// <param name="others">Ways to devices besides the processor.</param>
public sealed class DeviceCatalog(params IReadOnlyList<IDeviceProvider> others)
{
    /// <summary>What <c>--device</c> takes, to show.</summary>
    public const string Syntax = "auto, cpu, cuda[:I], opencl[:I] or ilgpu-cpu";

    // Named devices never stand in for each other; auto takes the first that there is.
    private static readonly DeviceKind[] Preference = [DeviceKind.Cuda, DeviceKind.OpenClGpu, DeviceKind.Cpu];

    private static readonly (string Name, DeviceKind[] Kinds)[] Names =
    [
        ("cpu", [DeviceKind.Cpu]),
        ("cuda", [DeviceKind.Cuda]),
        ("opencl", [DeviceKind.OpenClGpu, DeviceKind.OpenClOther]),
        ("ilgpu-cpu", [DeviceKind.IlgpuCpu]),
    ];

    private IReadOnlyList<DeviceDescription>? devices;

    /// <summary>The ways to devices, the processor first.</summary>
    public IReadOnlyList<IDeviceProvider> Providers { get; } = [new CpuProvider(), .. others];

    /// <summary>Every device of the machine.</summary>
    /// <exception cref="DeviceException">A driver does not start.</exception>
    public IReadOnlyList<DeviceDescription> List() => devices ??= [.. Providers.SelectMany(provider => provider.List())];

    /// <summary>The device of a name.</summary>
    /// <param name="name">As <see cref="Syntax"/> says; auto is the first CUDA device, else the first GPU of OpenCL, else the processor.</param>
    /// <param name="precision">What it is to compute in: auto passes over devices that cannot.</param>
    /// <exception cref="UsageException">It is no such name.</exception>
    /// <exception cref="DeviceException">The machine has no such device.</exception>
    public DeviceDescription Find(string name, Precision precision = Precision.Float)
    {
        if (name == "auto")
        {
            return List().Where(device => Preference.Contains(device.Kind) && (device.SupportsDouble || precision == Precision.Float))
                .MinBy(device => Array.IndexOf(Preference, device.Kind))!;
        }

        if (name == "cpu")
        {
            // Without a look at the others: a driver that does not start must not keep the processor from working.
            return Providers[0].List()[0];
        }

        string[] parts = name.Split(':', 2);
        var (kind, kinds) = Names.FirstOrDefault(known => known.Name == parts[0]);
        if (kinds is null)
        {
            throw Suggestions.Unknown("device", parts[0], ["auto", .. Names.Select(known => known.Name)]);
        }

        bool hasIndex = kind is "cuda" or "opencl";
        if (parts.Length == 2 && (!hasIndex || !IsIndex(parts[1])))
        {
            throw new UsageException($"--device {name} is not allowed: give {Syntax}, with I counting from 0.");
        }

        string id = hasIndex && parts.Length == 1 ? $"{kind}:0" : name;
        return List().FirstOrDefault(device => device.Id == id) ?? throw new DeviceException(NotThere(name, kinds));
    }

    /// <summary>Makes a device ready to use.</summary>
    /// <param name="description">One of <see cref="List"/>.</param>
    /// <param name="options">How it is to compute.</param>
    /// <exception cref="DeviceException">The device cannot compute that way, or does not start.</exception>
    public Device Create(DeviceDescription description, DeviceOptions options) =>
        Providers.First(provider => provider.Kinds.Contains(description.Kind)).Create(description, options);

    private static bool IsIndex(string text) => text.Length is > 0 and < 4 && text.All(char.IsAsciiDigit);

    private string NotThere(string name, DeviceKind[] kinds)
    {
        string? missing = Providers.Where(provider => provider.Kinds.Intersect(kinds).Any()).Select(provider => provider.Missing)
            .FirstOrDefault(reason => reason is not null);
        string found = string.Join(", ", List().Select(device => device.Id));
        return missing is not null
            ? $"--device {name}: {missing}. Devices found: {found}."
            : $"--device {name}: this machine has no such device. Devices found: {found}. samgpu devices says more.";
    }
}
