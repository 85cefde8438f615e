using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient at the point of an ascent: sharpness-aware minimization, both gradients on the same examples.</summary>
/// <param name="device">The device.</param>
/// <param name="parameterCount">P.</param>
/// <param name="ascent">The ascent; the rule frees it.</param>
public sealed class AscentRule(Device device, int parameterCount, IAscent ascent) : GradientRule(device)
{
    private readonly DeviceMemory perturbed = device.Allocate(parameterCount, "perturbed parameters");

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State => ascent.State;

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => ascent.Edge(baseEdge, gradientNorm);

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep)
    {
        ascent.Perturb(Device, parameters, plainGradient, gradientNorm, perturbed.Span);
        if (isStep)
        {
            ascent.Advance(Device, plainGradient);
        }

        objective.Gradient(perturbed.Span, result, loss);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            perturbed.Dispose();
            ascent.Dispose();
        }

        base.Dispose(disposing);
    }
}
