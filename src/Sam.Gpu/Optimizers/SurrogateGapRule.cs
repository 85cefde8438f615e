using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient of GSAM: p − α g⊥, with p the gradient at the point of the ascent and g⊥ the part of the plain one orthogonal to p.</summary>
/// <remarks>
/// Zhuang et al., "Surrogate Gap Minimization Improves Sharpness-Aware Training" (2022). Their radius follows the schedule of the step size; here
/// both are constant. With α = 0 it is the ascent's own gradient, bit for bit. On an eigenvector of a quadratic g⊥ is zero, so that the edge is
/// the ascent's.
/// </remarks>
public sealed class SurrogateGapRule : GradientRule
{
    private readonly AscentRule ascent;
    private readonly double alpha;
    private readonly DeviceMemory uphill;
    private readonly DeviceMemory numbers;

    /// <summary>Creates the rule.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="ascent">The ascent; the rule frees it.</param>
    /// <param name="alpha">α ≥ 0, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException">α is out of its range.</exception>
    public SurrogateGapRule(Device device, int parameterCount, IAscent ascent, double alpha = 0.4)
        : base(device)
    {
        this.alpha = Setting.NotNegative(alpha);
        this.ascent = new AscentRule(device, parameterCount, ascent);
        uphill = device.Allocate(alpha == 0 ? 0 : parameterCount, "gradient uphill");
        numbers = device.Allocate(2, "dot product and norm of the gradient uphill");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State => ascent.State;

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => ascent.Edge(baseEdge, gradientNorm);

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep)
    {
        if (alpha == 0)
        {
            ascent.Ascend(objective, parameters, plainGradient, gradientNorm, result, loss, isStep);
            return;
        }

        ascent.Ascend(objective, parameters, plainGradient, gradientNorm, uphill.Span, loss, isStep);
        var (dot, norm) = (numbers.Span.Slice(0, 1), numbers.Span.Slice(1, 1));
        Device.Dot(plainGradient, uphill.Span, dot);
        Device.Norm(uphill.Span, norm);
        Device.SurrogateGap(plainGradient, uphill.Span, dot, norm, alpha, result);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ascent.Dispose();
            uphill.Dispose();
            numbers.Dispose();
        }

        base.Dispose(disposing);
    }
}
