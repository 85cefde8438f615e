using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Objectives;

/// <summary>A term of the loss that pulls the outputs towards others: λ τ² times the mean of KL(softmax(r/τ) ‖ softmax(o/τ)) over the examples.</summary>
/// <remarks>
/// r are constants. The term applies in the epochs between a start and an end, both left out. A step takes it in with one gradient; measurements
/// do not see it.
/// </remarks>
public abstract class LossSupplement : IDisposable
{
    private readonly SupplementSettings settings;
    private double steps;

    /// <summary>Creates the term.</summary>
    /// <param name="settings">Its numbers.</param>
    private protected LossSupplement(SupplementSettings settings)
    {
        Setting.NotNegative(settings.Weight);
        Setting.Positive(settings.Temperature);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.StepsPerEpoch, 1);
        this.settings = settings;
    }

    /// <summary>What lives from step to step: what a checkpoint must hold.</summary>
    public virtual IReadOnlyList<StateItem> State => [StateItem.Of("supplement-steps", () => steps, count => steps = count)];

    /// <summary>Whether the term needs the numbers of examples in their data set.</summary>
    internal virtual bool NeedsNumbers => false;

    /// <summary>The parameters of the teacher whose outputs are the reference; empty where there is none, or none is needed now.</summary>
    internal virtual DeviceSpan Teacher => default;

    /// <summary>The epoch of the step, from 0.</summary>
    private protected int Epoch => (int)(steps / settings.StepsPerEpoch);

    /// <summary>Whether the term applies in this epoch.</summary>
    private protected bool IsActive => settings.Weight > 0 && Epoch > settings.Start && Epoch < settings.End;

    /// <summary>Frees the term's memory.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Begins a step.</summary>
    /// <param name="parameters">w, [P].</param>
    internal virtual void Begin(DeviceSpan parameters)
    {
    }

    /// <summary>Adds the term of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    internal abstract void Add(in OutputChunk chunk);

    /// <summary>Ends a step.</summary>
    internal void End() => steps++;

    /// <summary>Adds the divergence from the chunk's reference.</summary>
    /// <param name="device">The device.</param>
    /// <param name="chunk">The chunk.</param>
    private protected void AddDivergence(Device device, in OutputChunk chunk)
    {
        double slope = settings.Weight * settings.Temperature / chunk.Total;
        device.DistillationTerm(
            chunk.Outputs, chunk.Reference, chunk.Columns, settings.Temperature, settings.Temperature * slope, slope, chunk.Losses, chunk.Gradient);
    }

    /// <summary>Frees the term's memory.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> called, not the finalizer.</param>
    protected abstract void Dispose(bool disposing);
}
