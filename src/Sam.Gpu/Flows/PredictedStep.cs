namespace Sam.Gpu.Flows;

/// <summary>What the predicted dynamics say at one step; the notation is that of <see cref="PredictedDynamics"/>.</summary>
public sealed record PredictedStep
{
    /// <summary>The steps since the start.</summary>
    public required int Step { get; init; }

    /// <summary>L(θ†).</summary>
    public required double ConstrainedLoss { get; init; }

    /// <summary>S(θ†), 2/η where the constraint holds it.</summary>
    public required double ConstrainedSharpness { get; init; }

    /// <summary>x = u·v, the displacement along the top eigenvector.</summary>
    public required double X { get; init; }

    /// <summary>y = ∇S⊥·v: how far the displacement lowers or raises the sharpness.</summary>
    public required double Y { get; init; }

    /// <summary>‖v‖.</summary>
    public required double DisplacementNorm { get; init; }

    /// <summary>δ², the mean of x² over a cycle.</summary>
    public required double DeltaSquared { get; init; }

    /// <summary>α, the progressive sharpening at θ†.</summary>
    public required double Alpha { get; init; }

    /// <summary>β = ‖∇S⊥‖² at θ†.</summary>
    public required double Beta { get; init; }

    /// <summary>L(θ† + v): the loss of gradient descent.</summary>
    public required double Loss { get; init; }

    /// <summary>L(θ†) + x²/η: the same to second order.</summary>
    public required double QuadraticLoss { get; init; }

    /// <summary>S + ∇S·v: the sharpness of gradient descent.</summary>
    public required double Sharpness { get; init; }

    /// <summary>S + ∇S⊥·v: the same without what alternates with each step.</summary>
    public required double MeanSharpness { get; init; }

    /// <summary>‖θ − (θ† + v)‖, how far the real iterate is from the prediction; NaN without one.</summary>
    public required double Distance { get; init; }

    /// <summary>u·(θ − θ†), the x of the real iterate; NaN without one.</summary>
    public required double RealX { get; init; }

    /// <summary>‖θ − θ†‖ of the real iterate; NaN without one.</summary>
    public required double RealDisplacementNorm { get; init; }
}
