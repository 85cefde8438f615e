using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Normalized gradient descent: w ← w − η g/‖g‖; where g is zero, w stays.</summary>
/// <remarks>
/// Arora, Li and Panigrahi, "Understanding Gradient Descent on the Edge of Stability in Deep Learning" (2022). The step has the length η
/// whatever the curvature: it has no edge on a quadratic, where it ends in a cycle of that length.
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="stepSize">η &gt; 0, finite; anything else is an <see cref="ArgumentOutOfRangeException"/>.</param>
public sealed class NormalisedGradientDescent(Device device, double stepSize) : IBaseStep
{
    private readonly double stepSize = Setting.Positive(stepSize);

    /// <inheritdoc/>
    public double Edge => double.NaN;

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State => [];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient) =>
        device.AscentStep(parameters, gradient.Gradient, gradient.Norm, -stepSize, 0, parameters);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
