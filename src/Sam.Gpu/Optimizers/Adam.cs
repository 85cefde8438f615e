using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Adam as PyTorch writes it: m and v are moving averages of g and g² from 0, their bias is corrected, ε stands outside of the root.</summary>
/// <remarks>
/// Kingma and Ba (2015): m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − η (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε) in step t = 1, 2, ….
/// The preconditioner P is the last divisor, and (2 + 2β₁)/((1 − β₁) η) the edge of P⁻¹H.
/// </remarks>
public sealed class Adam : IBaseStep
{
    private readonly Device device;
    private readonly double stepSize;
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;
    private readonly DeviceMemory first;
    private readonly DeviceMemory second;
    private double steps;

    /// <summary>Creates the step with averages of zero.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="stepSize">η &gt; 0, finite.</param>
    /// <param name="beta1">0 ≤ β₁ &lt; 1.</param>
    /// <param name="beta2">0 ≤ β₂ &lt; 1.</param>
    /// <param name="epsilon">ε ≥ 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public Adam(Device device, int parameterCount, double stepSize, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        this.device = device;
        this.stepSize = Setting.Positive(stepSize);
        this.beta1 = Setting.Fraction(beta1);
        this.beta2 = Setting.Fraction(beta2);
        this.epsilon = Setting.NotNegative(epsilon);
        first = device.Allocate(parameterCount, "average of the gradient");
        second = device.Allocate(parameterCount, "average of the squared gradient");
        device.Fill(first.Span, 0);
        device.Fill(second.Span, 0);
    }

    /// <inheritdoc/>
    public double Edge => Edges.Edge.Adam(stepSize, beta1);

    /// <inheritdoc/>
    public bool HasPreconditioner => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State =>
        [StateItem.Of("first-moment", first), StateItem.Of("second-moment", second), StateItem.Of("steps", () => steps, count => steps = count)];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient)
    {
        steps++;
        device.AdamStep(
            parameters, first.Span, second.Span, gradient.Gradient, beta1, beta2,
            stepSize / (1 - Math.Pow(beta1, steps)), 1 / Math.Sqrt(1 - Math.Pow(beta2, steps)), epsilon);
    }

    /// <inheritdoc/>
    public void Preconditioner(DeviceSpan gradient, DeviceSpan result) =>
        device.AdaptivePreconditioner(second.Span, gradient, beta2, 1 / Math.Sqrt(1 - Math.Pow(beta2, steps + 1)), epsilon, result);

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }
}
