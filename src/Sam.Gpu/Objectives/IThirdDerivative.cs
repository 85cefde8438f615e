using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives;

/// <summary>An objective that knows its third derivatives in closed form.</summary>
public interface IThirdDerivative
{
    /// <summary>∇³L(θ)[u, vₖ, ·] for a block of vectors: how fast the product H vₖ changes along u.</summary>
    /// <param name="parameters">θ, [P].</param>
    /// <param name="direction">u, [P].</param>
    /// <param name="block">v, [K, P].</param>
    /// <param name="result">[K, P], written; overlaps none of the others.</param>
    /// <param name="count">K ≥ 1.</param>
    void ThirdDerivatives(DeviceSpan parameters, DeviceSpan direction, DeviceSpan block, DeviceSpan result, int count);
}
