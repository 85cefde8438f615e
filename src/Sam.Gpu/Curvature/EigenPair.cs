namespace Sam.Gpu.Curvature;

/// <summary>An approximate eigenvalue λ, and what is known of it through its vector v, ‖v‖ = 1.</summary>
/// <param name="Value">λ, the Rayleigh quotient v·Hv. NaN if the operator was not finite.</param>
/// <param name="Residual">‖Hv − λv‖. An exact eigenvalue lies within this distance of <paramref name="Value"/>.</param>
/// <param name="Converged">Whether the residual met the tolerance. If not, the value is no eigenvalue, only the best estimate so
/// far.</param>
public readonly record struct EigenPair(double Value, double Residual, bool Converged)
{
    /// <summary>‖Hv − λv‖ / |λ|; 0 if both are 0.</summary>
    public double RelativeResidual => Residual == 0 ? 0 : Residual / Math.Abs(Value);
}
