namespace Sam.Gpu.Labs;

/// <summary>SAM with the change of curvature along the gradient, p + γ (p + m − 2g) + β (p − m).</summary>
public sealed class CurvatureSamLab : VariantLab
{
    /// <inheritdoc/>
    public override string Name => "cr-sam";

    /// <inheritdoc/>
    public override string Claim =>
        "CR-SAM adds the curvature along the gradient, from a third gradient downhill; without γ and β it is SAM.";

    /// <inheritdoc/>
    public override string Source =>
        "T. Wu, T. Luo and D. C. Wunsch, CR-SAM: Curvature Regularized Sharpness-Aware Minimization, AAAI 2024";

    /// <inheritdoc/>
    protected override string Title => "CR-SAM";

    /// <inheritdoc/>
    protected override string Settings => "optimizer=cr-sam";

    /// <inheritdoc/>
    protected override string Nothing => "cr-gamma=0 cr-beta=0";
}
