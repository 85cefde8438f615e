using Sam.Gpu.Devices;

namespace Sam.Gpu.Optimizers;

/// <summary>The numbers of one step, left on the device so that a step waits for nothing. A value over five consecutive numbers.</summary>
/// <param name="span">[<see cref="Length"/>]; set to NaN by whoever reads it, for a step writes only what it has.</param>
public readonly struct StepRecord(DeviceSpan span)
{
    /// <summary>The numbers of a record.</summary>
    public const int Length = 5;

    /// <summary>L(w), [1].</summary>
    public DeviceSpan Loss => span.Slice(0, 1);

    /// <summary>‖∇L(w)‖, [1].</summary>
    public DeviceSpan GradientNorm => span.Slice(1, 1);

    /// <summary>The loss at the point of the ascent, [1].</summary>
    public DeviceSpan AscentLoss => span.Slice(2, 1);

    /// <summary>The norm of the gradient that the base step takes where there is an ascent: SAM's is the one at its point, [1].</summary>
    public DeviceSpan AscentGradientNorm => span.Slice(3, 1);

    /// <summary>The fraction of examples classified right, [1].</summary>
    public DeviceSpan Accuracy => span.Slice(4, 1);
}
