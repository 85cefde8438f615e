using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;

namespace Sam.Gpu.Optimizers;

/// <summary>∇L(w) itself.</summary>
/// <param name="device">The device.</param>
public sealed class PlainRule(Device device) : GradientRule(device)
{
    /// <inheritdoc/>
    public override bool HasAscent => false;

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => baseEdge;

    /// <inheritdoc/>
    public override StepGradient Step(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        Plain(objective, parameters, gradient, record);
        return new StepGradient(gradient, record.GradientNorm, record.Loss);
    }

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep) =>
        Device.Copy(plainGradient, result);
}
