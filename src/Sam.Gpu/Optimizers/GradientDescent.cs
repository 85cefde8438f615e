using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>w ← w − η g.</summary>
/// <param name="device">The device.</param>
/// <param name="stepSize">η &gt; 0, finite; anything else is an <see cref="ArgumentOutOfRangeException"/>.</param>
public sealed class GradientDescent(Device device, double stepSize) : IBaseStep
{
    private readonly double stepSize = Setting.Positive(stepSize);

    /// <inheritdoc/>
    public double Edge => Edges.Edge.GradientDescent(stepSize);

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State => [];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient) =>
        device.AddScaled(-stepSize, gradient.Gradient, parameters, parameters);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
