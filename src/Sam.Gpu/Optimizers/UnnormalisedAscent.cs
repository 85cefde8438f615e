using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The ascent step of un-normalised SAM: w + ρ g.</summary>
/// <remarks>Andriushchenko and Flammarion (2022); Agarwala and Dauphin, "SAM operates far from home" (2023).</remarks>
/// <param name="rho">ρ ≥ 0, finite; anything else is an <see cref="ArgumentOutOfRangeException"/>. At 0 the point is w.</param>
public sealed class UnnormalisedAscent(double rho) : IAscent
{
    private readonly double rho = Setting.NotNegative(rho);

    /// <inheritdoc/>
    public void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result) =>
        device.AddScaled(rho, gradient, parameters, result);

    /// <inheritdoc/>
    public double Edge(double baseEdge, double gradientNorm) => Edges.Edge.UnnormalisedSam(baseEdge, rho);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
