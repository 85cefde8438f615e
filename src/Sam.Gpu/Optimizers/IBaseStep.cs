using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>How a gradient becomes a step of the parameters: gradient descent, or momentum with its velocity.</summary>
public interface IBaseStep : IDisposable
{
    /// <summary>The curvature at which this step turns unstable on a quadratic.</summary>
    double Edge { get; }

    /// <summary>The memory that lives from step to step, by name: what a checkpoint must hold.</summary>
    IReadOnlyList<(string Name, DeviceSpan Span)> State { get; }

    /// <summary>Moves the parameters.</summary>
    /// <param name="parameters">w, [P], updated.</param>
    /// <param name="gradient">[P].</param>
    void Apply(DeviceSpan parameters, DeviceSpan gradient);
}
