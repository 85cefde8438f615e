using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient of CR-SAM, as its released code forms it: p + γ (p + m − 2 g) + β (p − m), with g at w, p at w + ρ n, m at w − ρ n, n = g/‖g‖.</summary>
/// <remarks>
/// <para>
/// Wu et al., "CR-SAM: Curvature Regularized Sharpness-Aware Minimization" (2024). Three gradients on the same examples. To leading order the
/// γ term is γ ρ² D³L(n, n, ·) and the β term 2 β ρ H n. With γ = β = 0 the third gradient is not taken, and it is SAM bit for bit.
/// </para>
/// <para>
/// On an eigenvector of a quadratic, H n = λ n: the γ term is zero, and p + β (p − m) = (1 + (1 + 2β) ρ λ/‖g‖) g is the gradient of SAM with the
/// radius (1 + 2β) ρ, whose edge it has.
/// </para>
/// </remarks>
public sealed class CurvatureRule : GradientRule
{
    private readonly double rho;
    private readonly double gamma;
    private readonly double beta;
    private readonly OppositePoints points;

    /// <summary>Creates the rule.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="rho">ρ ≥ 0, finite.</param>
    /// <param name="gamma">γ, finite.</param>
    /// <param name="beta">β ≥ 0, finite.</param>
    /// <param name="epsilon">ε ≥ 0, finite, added to the norm.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public CurvatureRule(Device device, int parameterCount, double rho, double gamma = 0.1, double beta = 0.1, double epsilon = 0)
        : base(device)
    {
        this.rho = rho;
        this.gamma = Setting.Finite(gamma);
        this.beta = Setting.NotNegative(beta);
        points = new OppositePoints(device, parameterCount, rho, epsilon, hasBoth: gamma != 0 || beta != 0);
    }

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => Edges.Edge.Sam(baseEdge, (1 + (2 * beta)) * rho, gradientNorm);

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep)
    {
        if (!points.HasBoth)
        {
            points.TakeUphill(objective, parameters, plainGradient, gradientNorm, result, loss);
            return;
        }

        points.Take(objective, parameters, plainGradient, gradientNorm, loss);
        Device.CurvatureRegularization(plainGradient, points.Uphill, points.Downhill, gamma, beta, result);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            points.Dispose();
        }

        base.Dispose(disposing);
    }
}
