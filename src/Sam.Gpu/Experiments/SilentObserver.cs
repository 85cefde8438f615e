namespace Sam.Gpu.Experiments;

/// <summary>Watches a run and says nothing.</summary>
internal sealed class SilentObserver : IRunObserver
{
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
}
