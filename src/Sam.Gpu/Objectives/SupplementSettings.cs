namespace Sam.Gpu.Objectives;

/// <summary>The numbers of a <see cref="LossSupplement"/>.</summary>
/// <param name="Weight">λ ≥ 0, finite.</param>
/// <param name="Temperature">τ &gt; 0, finite.</param>
/// <param name="Start">The last epoch before the term applies, the first one being 0.</param>
/// <param name="End">The first epoch in which it no longer applies.</param>
/// <param name="StepsPerEpoch">The steps of an epoch, ≥ 1.</param>
public sealed record SupplementSettings(double Weight, double Temperature, double Start, double End, int StepsPerEpoch);
