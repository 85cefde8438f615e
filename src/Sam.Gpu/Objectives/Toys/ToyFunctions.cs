using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives.Toys;

/// <summary>The functions of a few numbers on which the papers show the edge of stability; docs/theory.md has their results.</summary>
public static class ToyFunctions
{
    /// <summary>The cubic of self-stabilization, L(x, y) = −(α/√β) y + ½ (2/η + √β y) x².</summary>
    /// <remarks>
    /// At (0, y) the sharpness is 2/η + √β y. It rises at the rate α, and its gradient has norm √β; gradient descent with step size η
    /// oscillates in x and drives y back. Damian, Nichani and Lee, "Self-Stabilization" (2023).
    /// </remarks>
    /// <param name="device">The device.</param>
    /// <param name="stepSize">η &gt; 0.</param>
    /// <param name="alpha">α &gt; 0, the progressive sharpening.</param>
    /// <param name="beta">β &gt; 0, the squared norm of the sharpness's gradient.</param>
    public static ToyObjective SelfStabilization(Device device, double stepSize, double alpha, double beta)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alpha);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        double root = Math.Sqrt(beta);
        return new ToyObjective(
            device, ScalarFunction.Identity,
            ToyTerm.Monomial(-alpha / root, 0, 1), ToyTerm.Monomial(1 / stepSize, 2, 0), ToyTerm.Monomial(0.5 * root, 2, 1));
    }

    /// <summary>The scalar network L(x) = ½ (1 − x₁ x₂ … x_D)²: D linear layers of one unit and one example.</summary>
    /// <remarks>
    /// Of degree 4 it trains from above to just below the edge, of degree 2 to far below. Zhu et al., "Understanding Edge-of-Stability
    /// Training Dynamics with a Minimalist Example" (2023).
    /// </remarks>
    /// <param name="device">The device.</param>
    /// <param name="degree">D ≥ 1.</param>
    public static ToyObjective ScalarNetwork(Device device, int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(degree);
        return new ToyObjective(
            device, ScalarFunction.HalfSquaredErrorToOne, new ToyTerm(1, [.. Enumerable.Repeat(ScalarFunction.Identity, degree)]));
    }

    /// <summary>L(x, y) = (1 + x²) y²: the minima are the line y = 0, where λ₁ = 2 (1 + x²).</summary>
    /// <remarks>
    /// Normalised gradient descent creeps along the line to x = 0. Arora, Li and Panigrahi, "Understanding Gradient Descent on the Edge of
    /// Stability in Deep Learning" (2022).
    /// </remarks>
    /// <param name="device">The device.</param>
    public static ToyObjective Valley(Device device) =>
        new(device, ScalarFunction.Identity, ToyTerm.Monomial(1, 0, 2), ToyTerm.Monomial(1, 2, 2));

    /// <summary>A single neuron and the weight behind it, L(t₁, t₂) = (t₁ tanh t₂)², or in its linear form (t₁ t₂)².</summary>
    /// <remarks>
    /// With a large step the linear form diverges, the other settles below 2/η. Ahn, Zhang and Sra, "Understanding the Unstable Convergence
    /// of Gradient Descent" (2022).
    /// </remarks>
    /// <param name="device">The device.</param>
    /// <param name="isLinear">Whether the neuron is linear.</param>
    public static ToyObjective SingleNeuron(Device device, bool isLinear = false) =>
        new(
            device, ScalarFunction.Power(2),
            new ToyTerm(1, ScalarFunction.Identity, isLinear ? ScalarFunction.Identity : ScalarFunction.Tanh));

    /// <summary>The bowl 20 x² + y², of sharpness 40, or its hyperbolic tangent, which cannot be left.</summary>
    /// <remarks>Ahn, Zhang and Sra (2022).</remarks>
    /// <param name="device">The device.</param>
    /// <param name="isBounded">Whether to take the hyperbolic tangent.</param>
    public static ToyObjective Bowl(Device device, bool isBounded = false) =>
        new(device, isBounded ? ScalarFunction.Tanh : ScalarFunction.Identity, ToyTerm.Monomial(20, 2, 0), ToyTerm.Monomial(1, 0, 2));
}
