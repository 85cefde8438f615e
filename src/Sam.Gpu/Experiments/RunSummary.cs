namespace Sam.Gpu.Experiments;

/// <summary>How a run ended.</summary>
public enum RunStatus
{
    /// <summary>It took all of its steps.</summary>
    Completed,

    /// <summary>It reached the loss or the accuracy at which it was to stop.</summary>
    TargetReached,

    /// <summary>Loss or gradient are no longer finite. What was measured before is kept.</summary>
    Diverged,

    /// <summary>The user or the system interrupted it.</summary>
    Interrupted,
}

/// <summary>A run in a few numbers.</summary>
public sealed record RunSummary
{
    /// <summary>How it ended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The steps that were taken.</summary>
    public required int Steps { get; init; }

    /// <summary>The passes over the examples that they make; an epoch is as many whole minibatches as fit.</summary>
    public required double Epochs { get; init; }

    /// <summary>The seconds that training took, measurements included.</summary>
    public required double TimeSeconds { get; init; }

    /// <summary>The steps whose gradient was zero, so that there was no direction of ascent.</summary>
    public required int ZeroGradients { get; init; }

    /// <summary>
    /// Names the minibatches that were measured: SHA-256 of the numbers of their examples, int32 little-endian, in order. Null where the
    /// spectrum is that of the same examples throughout.
    /// </summary>
    public string? MeasuredBatches { get; init; }

    /// <summary>The measurements, in order.</summary>
    public required IReadOnlyList<Measurement> Measurements { get; init; }

    /// <summary>Where the files are.</summary>
    public required string Folder { get; init; }

    /// <summary>The mean of λ₁/edge over the last part of the measurements.</summary>
    /// <param name="part">The part, in (0, 1]: 0.25 for the last quarter. At least one measurement is taken.</param>
    /// <returns>The mean; NaN if there is no measurement.</returns>
    public double MeanRatio(double part)
    {
        int count = Math.Min(Measurements.Count, Math.Max(1, (int)Math.Ceiling(Measurements.Count * part)));
        return count == 0 ? double.NaN : Measurements.Skip(Measurements.Count - count).Average(measurement => measurement.Ratio);
    }

    /// <summary>The measurements in which an eigenvalue has not converged.</summary>
    public int Unconverged => Measurements.Count(measurement => !measurement.HasConverged);
}
