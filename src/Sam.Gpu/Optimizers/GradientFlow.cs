using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Gradient flow, dw/dt = −∇L(w), followed for a time of η a step by the classic method of Runge and Kutta.</summary>
/// <remarks>
/// As Cohen et al. (2021) integrate it: in pieces of min(α/λ₁, longest), the last of a step cut to the time that is left, with λ₁ as it was last
/// observed; until then, or where it is not positive, in pieces of the longest. Step t of the flow and of gradient descent with η are at the
/// same time. The method is stable for pieces below 2.785/λ₁, which holds for α = 1 whatever η: there is no edge.
/// </remarks>
public sealed class GradientFlow : IBaseStep
{
    private readonly Device device;
    private readonly double stepSize;
    private readonly double fraction;
    private readonly double longest;
    private readonly DeviceMemory point;
    private readonly DeviceMemory slope;
    private readonly DeviceMemory loss;
    private double sharpness;

    /// <summary>Creates the flow.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="stepSize">η &gt; 0, finite: the time of a step.</param>
    /// <param name="fraction">α &gt; 0, finite: a piece in units of 1/λ₁.</param>
    /// <param name="longest">The longest piece, a time above 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public GradientFlow(Device device, int parameterCount, double stepSize, double fraction = 1, double longest = 999)
    {
        this.device = device;
        this.stepSize = Setting.Positive(stepSize);
        this.fraction = Setting.Positive(fraction);
        this.longest = Setting.Positive(longest);
        point = device.Allocate(parameterCount, "point of the flow");
        slope = device.Allocate(parameterCount, "slope of the flow");
        loss = device.Allocate(1, "loss of the flow");
    }

    /// <inheritdoc/>
    public double Edge => double.NaN;

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State => [StateItem.Of("sharpness", () => sharpness, value => sharpness = value)];

    /// <inheritdoc/>
    public void Observe(double sharpness) => this.sharpness = sharpness;

    /// <inheritdoc/>
    public void Apply(Objective objective, DeviceSpan parameters, in StepGradient gradient)
    {
        double piece = sharpness > 0 ? Math.Min(fraction / sharpness, longest) : longest;
        double left = stepSize;
        for (bool isFirst = true; left > 0; isFirst = false)
        {
            if (!isFirst)
            {
                objective.Gradient(parameters, gradient.Gradient, loss.Span);
            }

            // What rounding leaves of a time that is a whole number of pieces is no piece of its own.
            double length = left <= piece * (1 + 1e-9) ? left : piece;
            Advance(objective, parameters, gradient.Gradient, length);
            left -= length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        point.Dispose();
        slope.Dispose();
        loss.Dispose();
    }

    // w ← w − h (k₁ + 2 k₂ + 2 k₃ + k₄)/6; the sum grows where k₁ was.
    private void Advance(Objective objective, DeviceSpan parameters, DeviceSpan sum, double length)
    {
        device.AddScaled(-0.5 * length, sum, parameters, point.Span);
        objective.Gradient(point.Span, slope.Span, loss.Span);
        device.AddScaled(2, slope.Span, sum, sum);
        device.AddScaled(-0.5 * length, slope.Span, parameters, point.Span);
        objective.Gradient(point.Span, slope.Span, loss.Span);
        device.AddScaled(2, slope.Span, sum, sum);
        device.AddScaled(-length, slope.Span, parameters, point.Span);
        objective.Gradient(point.Span, slope.Span, loss.Span);
        device.AddScaled(1, slope.Span, sum, sum);
        device.AddScaled(-length / 6, sum, parameters, parameters);
    }
}
