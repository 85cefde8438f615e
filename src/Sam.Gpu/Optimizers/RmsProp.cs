using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>RMSProp as PyTorch writes it: v is a moving average of g² from 0, ε stands outside of the root; the bias of v is corrected on request.</summary>
/// <remarks>
/// v ← β v + (1 − β) g², w ← w − η g / (√v + ε); PyTorch's alpha is β. With the correction √(v / (1 − βᵗ)) takes the place of √v in step
/// t = 1, 2, …, which is Adam with β₁ = 0. The preconditioner P is the divisor, and 2/η the edge of P⁻¹H.
/// </remarks>
public sealed class RmsProp : IBaseStep
{
    private readonly Device device;
    private readonly double stepSize;
    private readonly double beta;
    private readonly double epsilon;
    private readonly bool correctsBias;
    private readonly DeviceMemory second;
    private double steps;

    /// <summary>Creates the step with an average of zero.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="stepSize">η &gt; 0, finite.</param>
    /// <param name="beta">0 ≤ β &lt; 1.</param>
    /// <param name="epsilon">ε ≥ 0, finite.</param>
    /// <param name="correctsBias">Whether the bias of v is corrected.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RmsProp(Device device, int parameterCount, double stepSize, double beta = 0.99, double epsilon = 1e-8, bool correctsBias = false)
    {
        this.device = device;
        this.stepSize = Setting.Positive(stepSize);
        this.beta = Setting.Fraction(beta);
        this.epsilon = Setting.NotNegative(epsilon);
        this.correctsBias = correctsBias;
        second = device.Allocate(parameterCount, "average of the squared gradient");
        device.Fill(second.Span, 0);
    }

    /// <inheritdoc/>
    public double Edge => Edges.Edge.RmsProp(stepSize);

    /// <inheritdoc/>
    public bool HasPreconditioner => true;

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State =>
        [StateItem.Of("second-moment", second), StateItem.Of("steps", () => steps, count => steps = count)];

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient)
    {
        steps++;
        device.RmsPropStep(parameters, second.Span, gradient.Gradient, beta, stepSize, RootScale(steps), epsilon);
    }

    /// <inheritdoc/>
    public void Preconditioner(DeviceSpan gradient, DeviceSpan result) =>
        device.AdaptivePreconditioner(second.Span, gradient, beta, RootScale(steps + 1), epsilon, result);

    /// <inheritdoc/>
    public void Dispose() => second.Dispose();

    private double RootScale(double step) => correctsBias ? 1 / Math.Sqrt(1 - Math.Pow(beta, step)) : 1;
}
