namespace Sam.Gpu.Devices;

/// <summary>How a device is to compute.</summary>
public sealed record DeviceOptions
{
    /// <summary>The numbers it computes with.</summary>
    public Precision Precision { get; init; } = Precision.Float;

    /// <summary>The threads of a CPU; 0 is one a core. Other devices take no notice.</summary>
    public int Threads { get; init; }

    /// <summary>Whose matrix products to use.</summary>
    public MatrixProducts Products { get; init; } = MatrixProducts.Auto;

    /// <summary>Whether a GPU may round the factors of float products to tf32, 11 bits of significand: faster, and no longer float.</summary>
    public bool AllowsTf32 { get; init; }
}
