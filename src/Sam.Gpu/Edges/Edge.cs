namespace Sam.Gpu.Edges;

/// <summary>Edges of stability: the curvature λ at which an optimizer on ½ λ x² turns from shrinking to growing.</summary>
/// <remarks>docs/edges.md derives each; the tests simulate each just under and just over. Units: of λ, loss per squared parameter.</remarks>
public static class Edge
{
    /// <summary>Gradient descent, x ← x − η λ x: stable for λ ≤ 2/η.</summary>
    /// <param name="stepSize">η &gt; 0.</param>
    public static double GradientDescent(double stepSize) => 2 / Positive(stepSize);

    /// <summary>Polyak's momentum, v ← β v + g, x ← x − η v: stable for λ ≤ (2 + 2β)/η.</summary>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <param name="momentum">0 ≤ β &lt; 1.</param>
    /// <remarks>Cohen et al., "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability" (2021), appendix B.</remarks>
    public static double Polyak(double stepSize, double momentum) => (2 + (2 * Momentum(momentum))) / Positive(stepSize);

    /// <summary>Nesterov's momentum, v ← β v + g, x ← x − η (g + β v): stable for λ ≤ (2 + 2β)/((1 + 2β) η).</summary>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <param name="momentum">0 ≤ β &lt; 1.</param>
    /// <remarks>Cohen et al. (2021), appendix B.</remarks>
    public static double Nesterov(double stepSize, double momentum) =>
        (2 + (2 * Momentum(momentum))) / ((1 + (2 * momentum)) * Positive(stepSize));

    /// <summary>Adam with a frozen preconditioner P, m ← β₁ m + (1 − β₁) g, x ← x − η P⁻¹ m: stable for λ₁(P⁻¹H) ≤ (2 + 2β₁)/((1 − β₁) η).</summary>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <param name="momentum">0 ≤ β₁ &lt; 1.</param>
    /// <remarks>Cohen et al., "Adaptive Gradient Methods at the Edge of Stability" (2022): 38/η for β₁ = 0.9. Of P⁻¹H, not of H.</remarks>
    public static double Adam(double stepSize, double momentum) => Polyak(stepSize, momentum) / (1 - momentum);

    /// <summary>RMSProp with a frozen preconditioner P, x ← x − η P⁻¹ g: stable for λ₁(P⁻¹H) ≤ 2/η.</summary>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <remarks>That of <see cref="Adam"/> with β₁ = 0. Of P⁻¹H, not of H.</remarks>
    public static double RmsProp(double stepSize) => GradientDescent(stepSize);

    /// <summary>SAM over a base optimizer with edge c: the positive root of λ (1 + ρ λ / ‖g‖) = c.</summary>
    /// <param name="baseEdge">c &gt; 0: the edge of the base optimizer, 2/η for gradient descent.</param>
    /// <param name="rho">ρ ≥ 0, the length of the ascent step.</param>
    /// <param name="gradientNorm">‖g‖ ≥ 0, the norm of the plain gradient.</param>
    /// <remarks>
    /// Long and Bartlett, "Sharpness-Aware Minimization and the Edge of Stability", have the root for gradient descent as
    /// (‖g‖/2ρ) (√(1 + 8ρ/(η‖g‖)) − 1), which cancels for small ρ: in binary32 it is 0 at ρ = 10⁻¹². This form,
    /// 2c / (1 + √(1 + 4cρ/‖g‖)), does not, and is exactly c at ρ = 0. It falls to 0 with the gradient.
    /// </remarks>
    public static double Sam(double baseEdge, double rho, double gradientNorm) =>
        NotNegative(rho) == 0 ? Positive(baseEdge) : Root(Positive(baseEdge), rho / NotNegative(gradientNorm));

    /// <summary>Un-normalised SAM, whose ascent step is ρ g: the positive root of λ (1 + ρ λ) = c.</summary>
    /// <param name="baseEdge">c &gt; 0: the edge of the base optimizer, 2/η for gradient descent.</param>
    /// <param name="rho">ρ ≥ 0.</param>
    /// <remarks>Agarwala and Dauphin, "SAM operates far from home" (2023). Constant in training, unlike <see cref="Sam"/>.</remarks>
    public static double UnnormalisedSam(double baseEdge, double rho) => Root(Positive(baseEdge), NotNegative(rho));

    // The positive root of λ (1 + r λ) = c.
    private static double Root(double c, double r) => 2 * c / (1 + Math.Sqrt(1 + (4 * c * r)));

    private static double Positive(double value) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number above 0 is needed.");

    // NaN passes: the norm of a gradient that has diverged gives an edge that is NaN.
    private static double NotNegative(double value) =>
        !(value < 0) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number ≥ 0 is needed.");

    private static double Momentum(double value) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A number in [0, 1) is needed.");
}
