namespace Sam.Gpu.Curvature;

/// <summary>Which eigenvalues are wanted. The most extreme comes first in every result.</summary>
public enum SpectrumPart
{
    /// <summary>The K largest, signs counted: the sharpness comes first. Sorted from the largest down.</summary>
    LargestAlgebraic,

    /// <summary>The K largest in absolute value. Sorted from the largest absolute value down; the values keep their signs.</summary>
    LargestMagnitude,

    /// <summary>The K smallest, signs counted: the most negative first. Sorted from the smallest up.</summary>
    SmallestAlgebraic,

    /// <summary>The K largest, from the largest down, and then the K smallest, from the smallest up: 2K in all.</summary>
    BothEnds,
}
