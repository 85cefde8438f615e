namespace Sam.Gpu.Edges;

/// <summary>How a step went along its line: from θ to θ − v.</summary>
/// <param name="RelativeProgress">
/// RP = (L(θ − v) − L(θ))/⟨g, v⟩, which for gradient descent, v = η g, is (L(θ − η g) − L(θ))/(η ‖g‖²): −1 where the step is small against
/// the curvature, around 0 at the edge of stability.
/// </param>
/// <param name="DirectionalSmoothness">
/// DS = ⟨v, g(θ) − g(θ − v)⟩/‖v‖², the mean curvature along the step: at most the largest λ₁ on it, and 2/η at the edge of stability. For
/// gradient descent RP ≈ −1 + ½ η DS.
/// </param>
/// <remarks>Ahn, Zhang and Sra, "Understanding the Unstable Convergence of Gradient Descent" (2022).</remarks>
public readonly record struct StepProgress(double RelativeProgress, double DirectionalSmoothness);
