namespace Sam.Gpu.Flows;

/// <summary>What a central flow says of gradient descent at one time; the notation is that of <see cref="CentralFlow"/>.</summary>
public sealed record CentralFlowStep
{
    /// <summary>The steps of gradient descent since the start.</summary>
    public required double Step { get; init; }

    /// <summary>L(w).</summary>
    public required double Loss { get; init; }

    /// <summary>L(w) + tr Σ/η: the mean loss of gradient descent.</summary>
    public required double PredictedLoss { get; init; }

    /// <summary>‖∇L(w)‖².</summary>
    public required double SquaredGradient { get; init; }

    /// <summary>‖∇L(w)‖² + (4/η²) tr Σ: the mean squared norm of the gradient of gradient descent.</summary>
    public required double PredictedSquaredGradient { get; init; }

    /// <summary>The tracked eigenvalues of the Hessian, largest first.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>The eigenvalues of Σ, largest first: variances about w, one for each critical direction. Empty off the edge.</summary>
    public required IReadOnlyList<double> Variances { get; init; }

    /// <summary>Whether there may be critical directions that were left out, because no more eigenvalues are tracked.</summary>
    public required bool IsTruncated { get; init; }

    /// <summary>How far Σ is from solving its complementarity problem, relative to its size; NaN where it has no solution.</summary>
    public required double Residual { get; init; }

    /// <summary>The estimated relative error of the third derivatives.</summary>
    public required double DerivativeError { get; init; }

    /// <summary>tr Σ: the mean squared distance of gradient descent from w.</summary>
    public double Variance => Variances.Sum();
}
