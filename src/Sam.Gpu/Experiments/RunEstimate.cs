namespace Sam.Gpu.Experiments;

/// <summary>How long a run will take, from a few steps and one measurement of it.</summary>
/// <param name="Configuration">The run.</param>
/// <param name="StepSeconds">The seconds of a step.</param>
/// <param name="MeasurementSeconds">
/// The seconds of a measurement. It is the first, which starts from nothing; later ones start from the one before and take fewer products, or
/// more where eigenvalues have come close to each other.
/// </param>
/// <param name="Measurement">What it saw.</param>
public sealed record RunEstimate(RunConfiguration Configuration, double StepSeconds, double MeasurementSeconds, Measurement Measurement)
{
    /// <summary>The steps that an estimate takes, if the run has as many.</summary>
    public const int StepsTaken = 3;

    /// <summary>The seconds of the whole run.</summary>
    public double TotalSeconds => (Configuration.Steps * StepSeconds) + (Configuration.Measurements * MeasurementSeconds);
}
