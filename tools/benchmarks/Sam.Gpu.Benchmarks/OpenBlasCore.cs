using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Sam.Gpu.Benchmarks;

/// <summary>Which kernels OpenBLAS is told to take, so that both sides of a comparison use the same instructions.</summary>
/// <remarks>
/// By itself an OpenBLAS that is older than the processor takes it for one of 2004, and then runs at a quarter of its speed.
/// </remarks>
internal static class OpenBlasCore
{
    /// <summary>The variable of the environment that tells it; what the user has set there stays.</summary>
    public const string Variable = "OPENBLAS_CORETYPE";

    /// <summary>The processor to be taken for; null for whatever OpenBLAS finds.</summary>
    public static string? Name =>
        Vector512.IsHardwareAccelerated && Avx512F.IsSupported ? "SkylakeX"
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? "Haswell"
        : null;
}
