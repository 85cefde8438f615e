using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>Shows a run as lines of plain text, for files and pipes: a start, about twenty milestones, an end.</summary>
/// <param name="writer">Where to.</param>
internal sealed class PlainDisplay(TextWriter writer) : IRunDisplay
{
    private const int Milestones = 20;

    private RunPlan? plan;
    private double nextMilestone;

    /// <inheritdoc/>
    public RunSummary Show(Func<RunSummary> run, CancellationToken interrupt)
    {
        using var registration = interrupt.Register(() => writer.WriteLine("interrupted: finishing the step and writing the files"));
        return run();
    }

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
        this.plan = plan;
        writer.WriteLine($"{plan.Name}: {RunText.Problem(plan)}; {RunText.Optimizer(plan.Configuration)}; {plan.Device}");
        if (plan.FirstStep > 0)
        {
            writer.WriteLine($"continued from step {Numbers.Whole(plan.FirstStep)}");
        }
    }

    /// <inheritdoc/>
    public void Stepped(int step, double loss, double gradientNorm)
    {
    }

    /// <inheritdoc/>
    public void Measured(Measurement measurement)
    {
        int steps = plan!.Configuration.Steps;
        if (measurement.Step < nextMilestone && measurement.Step < steps)
        {
            return;
        }

        // Milestones stay where they are, however far apart the measurements.
        double distance = Math.Max(1, (double)steps / Milestones);
        nextMilestone = (Math.Floor(measurement.Step / distance) + 1) * distance;
        string edge = RunText.EdgeName(plan);
        writer.WriteLine(
            $"step {Numbers.Whole(measurement.Step).PadLeft(Numbers.Whole(steps).Length)}/{Numbers.Whole(steps)}"
            + $"  loss {Numbers.Short(measurement.Loss)}  gradient {Numbers.Short(measurement.GradientNorm)}"
            + $"  {RunText.SharpnessName(plan)} {Numbers.Short(measurement.Leading.Value)}{(measurement.Leading.Converged ? "" : " (unconverged)")}"
            + $"  {edge} {Numbers.Short(measurement.Edge)}  {RunText.RatioName(plan)} {Numbers.Short(measurement.Ratio)}"
            + $"  {Numbers.Clock(TimeSpan.FromSeconds(measurement.TimeSeconds))}");
    }

    /// <inheritdoc/>
    public void Abandon()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
