using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The ascent step of SAM: w + ρ g / (‖g‖ + ε). Where g is zero, w itself.</summary>
/// <remarks>
/// Foret et al., "Sharpness-Aware Minimization for Efficiently Improving Generalization" (2021). The norm is over all parameters at once.
/// ε is 0 unless given: the code of Long and Bartlett adds 10⁻⁵, that of Foret et al. 10⁻¹², to keep 0/0 out.
/// </remarks>
/// <param name="rho">ρ ≥ 0, finite; anything else is an <see cref="ArgumentOutOfRangeException"/>. At 0 the point is w.</param>
/// <param name="epsilon">ε ≥ 0, finite, as well.</param>
public sealed class NormalisedAscent(double rho, double epsilon = 0) : IAscent
{
    private readonly double rho = Setting.NotNegative(rho);
    private readonly double epsilon = Setting.NotNegative(epsilon);

    /// <inheritdoc/>
    public void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result) =>
        device.AscentStep(parameters, gradient, gradientNorm, rho, epsilon, result);

    /// <inheritdoc/>
    public double Edge(double baseEdge, double gradientNorm) => Edges.Edge.Sam(baseEdge, rho, gradientNorm);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
