using Sam.Gpu.Devices;
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
    public IReadOnlyList<(string Name, DeviceSpan Span)> State => [];

    /// <inheritdoc/>
    public void Apply(DeviceSpan parameters, DeviceSpan gradient) => device.AddScaled(-stepSize, gradient, parameters, parameters);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
