namespace Sam.Gpu.Checks;

/// <summary>How fast an array is read and another written.</summary>
/// <param name="Bytes">The size of each of the two.</param>
/// <param name="Rate">Bytes read and written a second.</param>
public sealed record Bandwidth(long Bytes, double Rate);
