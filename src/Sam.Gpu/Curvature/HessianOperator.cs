using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Curvature;

/// <summary>The Hessian of an objective at one θ.</summary>
/// <param name="linearization">The objective at θ.</param>
public sealed class HessianOperator(Linearization linearization) : ILinearOperator
{
    /// <inheritdoc/>
    public Device Device => linearization.Objective.Device;

    /// <inheritdoc/>
    public int Dimension => linearization.Objective.ParameterCount;

    /// <inheritdoc/>
    public void Apply(DeviceSpan block, DeviceSpan products, int count) => linearization.HessianProducts(block, products, count);
}
