namespace Sam.Gpu.Kernels.Lanes;

/// <summary>The elementary functions, written once over lanes: the same polynomial on every device.</summary>
public static partial class Elementary
{
}
