namespace Sam.Gpu.Labs;

/// <summary>SGD with a divergence from the outputs of three epochs ago added to the loss.</summary>
public sealed class SharpnessFreeLab : VariantLab
{
    /// <inheritdoc/>
    public override string Name => "saf";

    /// <inheritdoc/>
    public override string Claim => "SAF holds the outputs near those of some epochs ago instead of climbing; without λ it is SGD.";

    /// <inheritdoc/>
    public override string Source => "J. Du et al., Sharpness-Aware Training for Free, NeurIPS 2022";

    /// <inheritdoc/>
    protected override string Title => "SAF";

    /// <inheritdoc/>
    protected override string Settings => "optimizer=saf base-optimizer=gd";

    /// <inheritdoc/>
    protected override string Nothing => "supplement-weight=0";

    /// <inheritdoc/>
    protected override string OtherTitle => "SGD";

    /// <inheritdoc/>
    protected override string OtherSettings => "optimizer=sgd";
}
