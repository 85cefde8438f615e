namespace Sam.Gpu.Checks;

/// <summary>How much a device is checked, and on which random data.</summary>
public sealed record CheckOptions
{
    /// <summary>The seed of the random data.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether to take as many numbers as a device that is worth using does in seconds. If not, about a hundredth.</summary>
    public bool IsThorough { get; init; } = true;

    /// <summary>Told what is checked next.</summary>
    public Action<string> Progress { get; init; } = _ => { };
}
