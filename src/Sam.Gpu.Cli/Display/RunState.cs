using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>A run at a moment, as far as a display shows it.</summary>
/// <param name="Plan">What runs.</param>
internal sealed record RunState(RunPlan Plan)
{
    /// <summary>The steps taken.</summary>
    public int Step { get; init; }

    /// <summary>The loss before the last of them; NaN before the first.</summary>
    public double Loss { get; init; } = double.NaN;

    /// <summary>‖g‖ before the last of them; NaN before the first.</summary>
    public double GradientNorm { get; init; } = double.NaN;

    /// <summary>The measurements, in order.</summary>
    public IReadOnlyList<Measurement> Measurements { get; init; } = [];

    /// <summary>The time since the run began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Whether the run was asked to end.</summary>
    public bool IsEnding { get; init; }

    /// <summary>Whether the run has ended.</summary>
    public bool HasEnded { get; init; }

    /// <summary>The time that the steps to come will take at the pace so far; null where that is not known yet.</summary>
    public TimeSpan? Remaining =>
        Step <= Plan.FirstStep || Elapsed < TimeSpan.FromSeconds(1)
            ? null
            : Elapsed * ((double)(Plan.Configuration.Steps - Step) / (Step - Plan.FirstStep));
}
