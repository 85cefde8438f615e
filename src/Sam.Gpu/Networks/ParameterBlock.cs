using Sam.Gpu.Devices;

namespace Sam.Gpu.Networks;

/// <summary>One layer's slice of a block of parameter-space vectors [K, P]: that of direction k starts at k · Stride. A value.</summary>
/// <param name="span">From the slice of the first direction to the end of that of the last.</param>
/// <param name="stride">P, the distance between the directions.</param>
public readonly struct ParameterBlock(DeviceSpan span, int stride)
{
    /// <summary>From the slice of the first direction to the end of that of the last.</summary>
    public DeviceSpan Span { get; } = span;

    /// <summary>P, the distance between the slices of two directions.</summary>
    public int Stride { get; } = stride;

    /// <summary>The layer's slice from an offset on.</summary>
    /// <param name="offset">The offset in the slice.</param>
    public ParameterBlock From(int offset) => new(Span.Slice(offset), Stride);
}
