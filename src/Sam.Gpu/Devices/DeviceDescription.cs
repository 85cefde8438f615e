namespace Sam.Gpu.Devices;

/// <summary>A device that this machine has, before it is used.</summary>
public sealed record DeviceDescription
{
    /// <summary>What <c>--device</c> takes: cpu, cuda:0, opencl:1, ilgpu-cpu.</summary>
    public required string Id { get; init; }

    /// <summary>Where its kernels run.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>The name that its maker gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The memory that numbers can lie in, in bytes.</summary>
    public required long Memory { get; init; }

    /// <summary>Driver and its version.</summary>
    public required string Driver { get; init; }

    /// <summary>Whether it computes in binary64.</summary>
    public required bool SupportsDouble { get; init; }
}
