using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The ascent step of ASAM: w + ρ T² g / (‖T g‖ + ε) with T = |w| + ξ for weights and T = 1 for the other parameters.</summary>
/// <remarks>
/// Kwon et al., "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural Networks" (2021), elementwise, as their
/// code has it. With T = 1 everywhere it is <see cref="NormalisedAscent"/>, bit for bit. Where g is zero the point is w.
/// </remarks>
public sealed class AdaptiveAscent : IAscent
{
    private readonly double rho;
    private readonly double offset;
    private readonly double epsilon;
    private readonly DeviceMemory mask;
    private readonly DeviceMemory norm;

    /// <summary>Creates the ascent.</summary>
    /// <param name="device">The device.</param>
    /// <param name="isScaled">Which parameters have a T of their own, [P].</param>
    /// <param name="rho">ρ ≥ 0, finite.</param>
    /// <param name="offset">ξ ≥ 0, finite.</param>
    /// <param name="epsilon">ε ≥ 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdaptiveAscent(Device device, ReadOnlySpan<bool> isScaled, double rho, double offset = 0.01, double epsilon = 0)
    {
        this.rho = Setting.NotNegative(rho);
        this.offset = Setting.NotNegative(offset);
        this.epsilon = Setting.NotNegative(epsilon);
        mask = device.Allocate(isScaled.Length, "parameters that are scaled");
        norm = device.Allocate(1, "norm of the scaled gradient");
        float[] marks = new float[isScaled.Length];
        for (int i = 0; i < marks.Length; i++)
        {
            marks[i] = isScaled[i] ? 1 : 0;
        }

        device.Upload(marks, mask.Span);
    }

    /// <inheritdoc/>
    public void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result)
    {
        device.AdaptiveScale(parameters, mask.Span, gradient, offset, result);
        device.Norm(result, norm.Span);
        device.AdaptiveScale(parameters, mask.Span, result, offset, result);
        device.AscentStep(parameters, result, norm.Span, rho, epsilon, result);
    }

    /// <inheritdoc/>
    public double Edge(double baseEdge, double gradientNorm) => double.NaN;

    /// <inheritdoc/>
    public void Dispose()
    {
        mask.Dispose();
        norm.Dispose();
    }
}
