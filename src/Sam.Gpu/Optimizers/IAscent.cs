using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>Where sharpness-aware minimization takes its gradient: a point uphill of the parameters.</summary>
public interface IAscent
{
    /// <summary>Writes the point.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">∇L(w), [P].</param>
    /// <param name="gradientNorm">‖∇L(w)‖, [1].</param>
    /// <param name="result">The point, [P].</param>
    void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result);

    /// <summary>The edge of stability over a base step.</summary>
    /// <param name="baseEdge">The edge of the base step.</param>
    /// <param name="gradientNorm">‖∇L(w)‖.</param>
    double Edge(double baseEdge, double gradientNorm);
}
