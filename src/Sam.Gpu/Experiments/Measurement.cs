using Sam.Gpu.Curvature;

namespace Sam.Gpu.Experiments;

/// <summary>What one measurement saw at the parameters of a step: a row of <c>spectrum.csv</c>.</summary>
public sealed record Measurement
{
    /// <summary>The step: the parameters after so many.</summary>
    public required int Step { get; init; }

    /// <summary>The passes over the examples until then: the step itself where a step takes them all.</summary>
    public required double Epoch { get; init; }

    /// <summary>The seconds since training began, measurements included.</summary>
    public required double TimeSeconds { get; init; }

    /// <summary>The loss.</summary>
    public required double Loss { get; init; }

    /// <summary>‖g‖, the norm of the plain gradient.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The fraction of examples classified right; NaN where there are no classes.</summary>
    public required double Accuracy { get; init; }

    /// <summary>The largest eigenvalues of the Hessian, largest first.</summary>
    public required IReadOnlyList<double> Eigenvalues { get; init; }

    /// <summary>‖Hv − λv‖ of each, v a unit vector: an eigenvalue of H lies within it of λ.</summary>
    public required IReadOnlyList<double> Residuals { get; init; }

    /// <summary>Whether each residual is within the tolerance.</summary>
    public required IReadOnlyList<bool> Converged { get; init; }

    /// <summary>The products of the Hessian with a vector that the measurement took.</summary>
    public required int Products { get; init; }

    /// <summary>2/η.</summary>
    public required double GradientDescentEdge { get; init; }

    /// <summary>The edge of the base step: 2/η, or that of its momentum; NaN where none is known for the Hessian's own eigenvalues.</summary>
    public required double BaseEdge { get; init; }

    /// <summary>Whether the optimizer has an ascent.</summary>
    public bool HasAscent { get; init; }

    /// <summary>The edge of the ascent over the base step at this gradient norm; NaN without an ascent, or where none is known.</summary>
    public required double SamEdge { get; init; }

    /// <summary>|cos| of the angle between the plain gradient and the first eigenvector.</summary>
    public required double GradientAlignment { get; init; }

    /// <summary>|cos| of the angle between SAM's gradient and the first eigenvector; NaN without an ascent.</summary>
    public required double SamGradientAlignment { get; init; }

    /// <summary>The loss over the examples for testing; NaN where it was not asked for.</summary>
    public double TestLoss { get; init; } = double.NaN;

    /// <summary>The fraction of them, or of positions of their sequences, classified wrong; NaN where there are no classes or it was not asked for.</summary>
    public double TestError { get; init; } = double.NaN;

    /// <summary>
    /// The largest eigenvalues of P^(−1/2) H P^(−1/2), largest first, P the diagonal that the next step divides by; empty where it is not measured.
    /// </summary>
    public IReadOnlyList<EigenPair> Preconditioned { get; init; } = [];

    /// <summary>The products of the Hessian with a vector that <see cref="Preconditioned"/> took.</summary>
    public int PreconditionedProducts { get; init; }

    /// <summary>The edge of the preconditioned eigenvalues; NaN where they are not measured.</summary>
    public double PreconditionedEdge { get; init; } = double.NaN;

    /// <summary>The eigenvalue that the edge is for: the first of <see cref="Preconditioned"/> if there is one, else λ₁.</summary>
    public EigenPair Leading => Preconditioned.Count > 0 ? Preconditioned[0] : new EigenPair(Eigenvalues[0], Residuals[0], Converged[0]);

    /// <summary>Whether all eigenvalues have converged.</summary>
    public bool HasConverged => Converged.All(converged => converged) && Preconditioned.All(pair => pair.Converged);

    /// <summary>
    /// The edge that applies: that of the preconditioned eigenvalues if they are measured, else SAM's, or without an ascent that of the base
    /// step; NaN where none is known.
    /// </summary>
    public double Edge => Preconditioned.Count > 0 ? PreconditionedEdge : HasAscent || !double.IsNaN(SamEdge) ? SamEdge : BaseEdge;

    /// <summary>The eigenvalue that the edge is for, over the edge.</summary>
    public double Ratio => Leading.Value / Edge;
}
