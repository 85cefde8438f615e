using Sam.Gpu.Devices;

namespace Sam.Gpu.Curvature;

/// <summary>A symmetric linear map on parameter space that is known by its products with blocks of vectors alone.</summary>
public interface ILinearOperator
{
    /// <summary>The device that the vectors live on.</summary>
    Device Device { get; }

    /// <summary>P, the length of a vector.</summary>
    int Dimension { get; }

    /// <summary>Multiplies each vector of a block.</summary>
    /// <param name="block">[count, P], one vector after the other.</param>
    /// <param name="products">[count, P]; does not overlap the block.</param>
    /// <param name="count">The vectors in the block, ≥ 1.</param>
    void Apply(DeviceSpan block, DeviceSpan products, int count);
}
