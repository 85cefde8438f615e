using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Curvature;

/// <summary>The Gauss-Newton matrix Jᵀ (∇²loss) J of an objective at one θ: the Hessian less the curvature of the network itself.</summary>
/// <param name="linearization">The objective at θ.</param>
public sealed class GaussNewtonOperator(Linearization linearization) : ILinearOperator
{
    /// <inheritdoc/>
    public Device Device => linearization.Objective.Device;

    /// <inheritdoc/>
    public int Dimension => linearization.Objective.ParameterCount;

    /// <inheritdoc/>
    public void Apply(DeviceSpan block, DeviceSpan products, int count) => linearization.GaussNewtonProducts(block, products, count);
}
