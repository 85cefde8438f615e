using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Gradient descent with momentum, as PyTorch's SGD writes it: v ← β v + g from v = 0, then the step.</summary>
/// <remarks>Polyak: w ← w − η v. Nesterov: w ← w − η (g + β v). The gradient is not damped by 1 − β.</remarks>
public sealed class Momentum : IBaseStep
{
    private readonly Device device;
    private readonly double stepSize;
    private readonly double momentum;
    private readonly bool isNesterov;
    private readonly DeviceMemory velocity;

    /// <summary>Creates the step with a velocity of zero.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="stepSize">η &gt; 0, finite.</param>
    /// <param name="momentum">0 ≤ β &lt; 1.</param>
    /// <param name="isNesterov">Nesterov's form, else Polyak's.</param>
    /// <exception cref="ArgumentOutOfRangeException">η or β is out of its range.</exception>
    public Momentum(Device device, int parameterCount, double stepSize, double momentum, bool isNesterov)
    {
        this.device = device;
        this.stepSize = Setting.Positive(stepSize);
        this.momentum = Setting.Fraction(momentum);
        this.isNesterov = isNesterov;
        velocity = device.Allocate(parameterCount, "velocity");
        device.Fill(velocity.Span, 0);
    }

    /// <inheritdoc/>
    public double Edge => isNesterov ? Edges.Edge.Nesterov(stepSize, momentum) : Edges.Edge.Polyak(stepSize, momentum);

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State => [StateItem.Of("velocity", velocity)];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient) =>
        device.MomentumStep(
            parameters, velocity.Span, gradient.Gradient, stepSize, momentum,
            gradientShare: isNesterov ? 1 : 0, velocityShare: isNesterov ? momentum : 1);

    /// <inheritdoc/>
    public void Dispose() => velocity.Dispose();
}
