using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The ascent step of un-normalised SAM: w + ρ g.</summary>
/// <remarks>Andriushchenko and Flammarion (2022); Agarwala and Dauphin, "SAM operates far from home" (2023).</remarks>
/// <param name="rho">ρ &gt; 0.</param>
public sealed class UnnormalisedAscent(double rho) : IAscent
{
    /// <inheritdoc/>
    public void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result) =>
        device.AddScaled(rho, gradient, parameters, result);

    /// <inheritdoc/>
    public double Edge(double baseEdge, double gradientNorm) => Edges.Edge.UnnormalisedSam(baseEdge, rho);
}
