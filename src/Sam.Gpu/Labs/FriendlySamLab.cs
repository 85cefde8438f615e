namespace Sam.Gpu.Labs;

/// <summary>SAM with the ascent along g − σ m, m the average of past gradients.</summary>
public sealed class FriendlySamLab : VariantLab
{
    /// <inheritdoc/>
    public override string Name => "friendly-sam";

    /// <inheritdoc/>
    public override string Claim => "Friendly SAM climbs along what the minibatch adds to the average gradient; without σ it is SAM.";

    /// <inheritdoc/>
    public override string Source => "T. Li et al., Friendly Sharpness-Aware Minimization, CVPR 2024";

    /// <inheritdoc/>
    protected override string Title => "Friendly SAM";

    /// <inheritdoc/>
    protected override string Settings => "optimizer=friendly-sam";

    /// <inheritdoc/>
    protected override string Nothing => "friendly-sigma=0";
}
