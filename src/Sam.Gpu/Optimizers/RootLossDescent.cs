using Sam.Gpu.Devices;
using Sam.Gpu.Kernels.Functions;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Gradient descent on √L, for losses of minimum 0: w ← w − η g / (2 √L); where L is zero, w stays.</summary>
/// <remarks>
/// Arora, Li and Panigrahi, "Understanding Gradient Descent on the Edge of Stability in Deep Learning" (2022). √L has a kink at its minimum:
/// there is no edge on a quadratic. The loss and the gradient must be of the same point.
/// </remarks>
/// <param name="device">The device.</param>
/// <param name="stepSize">η &gt; 0, finite; anything else is an <see cref="ArgumentOutOfRangeException"/>.</param>
public sealed class RootLossDescent(Device device, double stepSize) : IBaseStep
{
    private readonly double stepSize = Setting.Positive(stepSize);
    private readonly DeviceMemory root = device.Allocate(1, "root of the loss");

    /// <inheritdoc/>
    public double Edge => double.NaN;

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State => [];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient)
    {
        FunctionOperations<SquareRoot>.Apply(device, gradient.Loss, gradient.Loss, gradient.Loss, root.Span);
        device.AscentStep(parameters, gradient.Gradient, root.Span, -0.5 * stepSize, 0, parameters);
    }

    /// <inheritdoc/>
    public void Dispose() => root.Dispose();
}
