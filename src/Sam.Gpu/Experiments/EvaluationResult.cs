using Sam.Gpu.Curvature;

namespace Sam.Gpu.Experiments;

/// <summary>What an evaluation found, as far as it fits on a screen; all of it is in the file that was written.</summary>
/// <param name="Examples">N, the examples in the mean.</param>
/// <param name="ParameterCount">P.</param>
/// <param name="Directions">K, the directions that were multiplied by the Hessian and by the Gauss-Newton matrix.</param>
/// <param name="Loss">The loss.</param>
/// <param name="GradientNorm">The Euclidean norm of its gradient.</param>
/// <param name="Accuracy">The fraction of examples classified right; null where there are no classes.</param>
/// <param name="Eigenvalues">The eigenvalues asked for, the largest first; one that has not converged is only an estimate.</param>
/// <param name="EigenvaluesExplanation">How the eigenvalue measurement ended; null if none was asked for.</param>
public sealed record EvaluationResult(
    int Examples,
    int ParameterCount,
    int Directions,
    double Loss,
    double GradientNorm,
    double? Accuracy,
    IReadOnlyList<EigenPair> Eigenvalues,
    string? EigenvaluesExplanation);
