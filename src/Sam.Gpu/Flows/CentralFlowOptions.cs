using Sam.Gpu.Curvature;

namespace Sam.Gpu.Flows;

/// <summary>Settings of a <see cref="CentralFlow"/>.</summary>
public sealed record CentralFlowOptions
{
    /// <summary>The Euler steps to a step of gradient descent, ≥ 1.</summary>
    public int Substeps { get; init; } = 4;

    /// <summary>The share of 2/η above which an eigenvalue's direction may oscillate, above 0 and at most 1.</summary>
    public double CriticalShare { get; init; } = 0.975;

    /// <summary>The share of 2/η above which another eigenvalue is tracked, above 0 and at most <see cref="CriticalShare"/>.</summary>
    public double TrackedShare { get; init; } = 0.75;

    /// <summary>The most eigenvalues that are tracked, ≥ 1.</summary>
    public int MaximumEigenvalues { get; init; } = 16;

    /// <summary>The settings of the eigensolver, but for which eigenvalues and how many; null for the defaults.</summary>
    public EigensolverOptions? Eigensolver { get; init; }

    /// <summary>The settings of the third derivative; null for the defaults.</summary>
    public ThirdDerivativeOptions? Derivative { get; init; }
}
