namespace Sam.Gpu.Benchmarks.Kernels;

/// <summary>The kinds of work that <c>bench kernels</c> times.</summary>
internal enum CaseKind
{
    /// <summary>The rate of fused multiply-adds in registers; a ceiling itself.</summary>
    Peak,

    /// <summary>A matrix product, against OpenBLAS.</summary>
    Product,

    /// <summary>A pass over memory, against a copy of the same footprint.</summary>
    Pass,
}
