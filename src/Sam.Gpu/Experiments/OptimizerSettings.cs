namespace Sam.Gpu.Experiments;

/// <summary>The numbers of optimizers beyond step size, radius and momentum; null is the optimizer's default, or no meaning to it.</summary>
/// <remarks><see cref="OptimizerKey"/> has names, ranges and defaults; docs/optimizers.md says where each stands.</remarks>
public sealed record OptimizerSettings
{
    /// <summary>β₁ of Adam.</summary>
    public double? Beta1 { get; init; }

    /// <summary>β₂ of Adam, β of RMSProp.</summary>
    public double? Beta2 { get; init; }

    /// <summary>ε of Adam and RMSProp.</summary>
    public double? Epsilon { get; init; }

    /// <summary>1 where RMSProp corrects the bias of its average, 0 where not.</summary>
    public double? BiasCorrection { get; init; }

    /// <summary>α of the gradient flow.</summary>
    public double? FlowFraction { get; init; }

    /// <summary>The longest piece of the gradient flow.</summary>
    public double? FlowLongest { get; init; }

    /// <summary>ξ of ASAM.</summary>
    public double? AsamOffset { get; init; }

    /// <summary>σ of Friendly SAM.</summary>
    public double? FriendlySigma { get; init; }

    /// <summary>λ of Friendly SAM.</summary>
    public double? FriendlyDecay { get; init; }

    /// <summary>α of GSAM.</summary>
    public double? GsamAlpha { get; init; }

    /// <summary>γ of CR-SAM.</summary>
    public double? CrGamma { get; init; }

    /// <summary>β of CR-SAM.</summary>
    public double? CrBeta { get; init; }

    /// <summary>α of CR-SAM's form with logarithms.</summary>
    public double? CrPaperAlpha { get; init; }

    /// <summary>β of CR-SAM's form with logarithms.</summary>
    public double? CrPaperBeta { get; init; }

    /// <summary>m of m-SAM.</summary>
    public double? MicroBatch { get; init; }

    /// <summary>k/B of K-SAM.</summary>
    public double? KeptFraction { get; init; }

    /// <summary>λ of SAF and MESA.</summary>
    public double? SupplementWeight { get; init; }

    /// <summary>τ of SAF and MESA.</summary>
    public double? SupplementTemperature { get; init; }

    /// <summary>The last epoch before the term of SAF and MESA applies.</summary>
    public double? SupplementStart { get; init; }

    /// <summary>The first epoch in which it no longer applies.</summary>
    public double? SupplementEnd { get; init; }

    /// <summary>E of SAF.</summary>
    public double? SafLag { get; init; }

    /// <summary>The decay of MESA's average.</summary>
    public double? TeacherDecay { get; init; }
}
