namespace Sam.Gpu.Labs;

/// <summary>SAM on the half of each minibatch with the largest losses.</summary>
public sealed class LargestLossSamLab : VariantLab
{
    /// <inheritdoc/>
    public override string Name => "k-sam";

    /// <inheritdoc/>
    public override string Claim => "K-SAM takes both gradients on the examples of the largest losses alone; with all of them it is SAM.";

    /// <inheritdoc/>
    public override string Source => "R. Ni et al., K-SAM: Sharpness-Aware Minimization at the Speed of SGD, arXiv:2210.12864 (2022)";

    /// <inheritdoc/>
    protected override string Title => "K-SAM";

    /// <inheritdoc/>
    protected override string Settings => "optimizer=k-sam kept-fraction=0.5";

    /// <inheritdoc/>
    protected override string Nothing => "kept-fraction=1";
}
