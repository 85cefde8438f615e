using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>Where sharpness-aware minimization takes its gradient: a point uphill of the parameters.</summary>
public interface IAscent : IDisposable
{
    /// <summary>What lives from step to step: what a checkpoint must hold.</summary>
    IReadOnlyList<StateItem> State => [];

    /// <summary>Writes the point. The state stays as it is, so that a measurement may ask as well.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">∇L(w), [P].</param>
    /// <param name="gradientNorm">‖∇L(w)‖, [1].</param>
    /// <param name="result">The point, [P]; may be the gradient.</param>
    void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result);

    /// <summary>Takes the gradient of a step into the state, after its <see cref="Perturb"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradient">∇L(w), [P].</param>
    void Advance(Device device, DeviceSpan gradient)
    {
    }

    /// <summary>The edge of stability over a base step; NaN where none is known.</summary>
    /// <param name="baseEdge">The edge of the base step.</param>
    /// <param name="gradientNorm">‖∇L(w)‖.</param>
    double Edge(double baseEdge, double gradientNorm);
}
