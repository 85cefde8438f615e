using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>
/// SAM's gradient and that of α log T − β log ‖g‖, T = L(w + ρ n) + L(w − ρ n) − 2 L(w) with n = g/‖g‖ held still: the form with logarithms that the
/// paper of CR-SAM is said to have, not checked against it.
/// </summary>
/// <remarks>
/// <para>
/// With p and m the gradients at w + ρ n and w − ρ n the gradient of the first term is α (p + m − 2 g)/T; that of the second −β H g/‖g‖², in which
/// (p − m)/2ρ stands for H n, exact up to cubic L. T is ρ² n·Hn there, the curvature along the gradient, in the place of the trace. Where T is
/// not above the rounding of the losses, the direction is not curved upwards, there is no logarithm, and the first term is left out.
/// With α = β = 0 it is SAM bit for bit.
/// </para>
/// <para>
/// On an eigenvector of a quadratic the first term is zero, and the step sees λ (1 + (ρ − β/‖g‖) λ/‖g‖): the edge is SAM's with the radius
/// ρ − β/‖g‖, where that is not negative. The second term is a barrier: it keeps g from becoming zero, so with β &gt; 0 no minimum is reached.
/// </para>
/// </remarks>
public sealed class LogarithmicCurvatureRule : GradientRule
{
    private readonly double rho;
    private readonly double alpha;
    private readonly double beta;
    private readonly double epsilon;
    private readonly OppositePoints points;
    private readonly DeviceMemory plainLoss;

    /// <summary>Creates the rule.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="rho">ρ &gt; 0, finite.</param>
    /// <param name="alpha">α ≥ 0, finite.</param>
    /// <param name="beta">β ≥ 0, finite.</param>
    /// <param name="epsilon">ε ≥ 0, finite, added to the norm that the ascent divides by.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public LogarithmicCurvatureRule(Device device, int parameterCount, double rho, double alpha, double beta, double epsilon = 0)
        : base(device)
    {
        this.rho = Setting.Positive(rho);
        this.alpha = Setting.NotNegative(alpha);
        this.beta = Setting.NotNegative(beta);
        this.epsilon = epsilon;
        points = new OppositePoints(device, parameterCount, rho, epsilon, hasBoth: alpha != 0 || beta != 0);
        plainLoss = device.Allocate(1, "loss");
    }

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) =>
        rho - (beta == 0 ? 0 : beta / gradientNorm) is >= 0 and var radius ? Edges.Edge.Sam(baseEdge, radius, gradientNorm) : double.NaN;

    /// <inheritdoc/>
    public override StepGradient Step(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        Plain(objective, parameters, gradient, record);
        Form(objective, parameters, gradient, record.Loss, record.GradientNorm, gradient, record.AscentLoss);
        Device.Norm(gradient, record.AscentGradientNorm);
        return new StepGradient(gradient, record.AscentGradientNorm, record.AscentLoss);
    }

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep)
    {
        // A measurement does not hand over the loss at w: it is taken again.
        if (points.HasBoth)
        {
            objective.Gradient(parameters, points.Downhill, plainLoss.Span);
        }

        Form(objective, parameters, plainGradient, plainLoss.Span, gradientNorm, result, loss);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            points.Dispose();
            plainLoss.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Form(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan loss, DeviceSpan gradientNorm, DeviceSpan result,
        DeviceSpan uphillLoss)
    {
        if (!points.HasBoth)
        {
            points.TakeUphill(objective, parameters, plainGradient, gradientNorm, result, uphillLoss);
            return;
        }

        points.Take(objective, parameters, plainGradient, gradientNorm, uphillLoss);
        Device.LogarithmicCurvature(
            plainGradient, points.Uphill, points.Downhill, (loss, uphillLoss, points.DownhillLoss), gradientNorm, alpha, beta / (2 * rho), epsilon, result);
    }
}
