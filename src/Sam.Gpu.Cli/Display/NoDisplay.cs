using Sam.Gpu.Experiments;

namespace Sam.Gpu.Cli.Display;

/// <summary>Shows nothing.</summary>
internal sealed class NoDisplay : IRunDisplay
{
    /// <inheritdoc/>
    public RunSummary Show(Func<RunSummary> run, CancellationToken interrupt) => run();

    /// <inheritdoc/>
    public void Started(RunPlan plan)
    {
    }

    /// <inheritdoc/>
    public void Stepped(int step, double loss, double gradientNorm)
    {
    }

    /// <inheritdoc/>
    public void Measured(Measurement measurement)
    {
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
