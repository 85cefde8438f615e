using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Objectives;

/// <summary>The term of SAF: the reference is what the network gave for the same example E epochs ago.</summary>
/// <remarks>
/// <para>
/// Du et al., "Sharpness-Aware Training for Free" (2022), as their code has it. A ring of E + 1 epochs holds the outputs of every example of the
/// data set, by its number: N (E + 1) outputs, all that the term costs beside two rows of exponentials.
/// </para>
/// <para>
/// Where an epoch left an example out, the ring still holds what it had before; an example that was never there yet has no term.
/// </para>
/// </remarks>
public sealed class TrajectorySupplement : LossSupplement
{
    private readonly Device device;
    private readonly int lag;
    private readonly int outputs;
    private readonly int size;
    private readonly DeviceMemory ring;

    /// <summary>Creates the term with nothing in the ring.</summary>
    /// <param name="device">The device.</param>
    /// <param name="examples">N, the examples of the data set.</param>
    /// <param name="outputs">The outputs of an example, over all positions of a sequence.</param>
    /// <param name="lag">E ≥ 1.</param>
    /// <param name="settings">The numbers of the term.</param>
    /// <exception cref="UsageException">The ring is larger than a device can address.</exception>
    public TrajectorySupplement(Device device, int examples, int outputs, int lag, SupplementSettings settings)
        : base(settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lag, 1);
        this.device = device;
        this.lag = lag;
        this.outputs = outputs;
        long length = (long)examples * outputs * (lag + 1);
        if (length > int.MaxValue)
        {
            throw new UsageException(
                $"saf keeps {examples} × {outputs} outputs of {lag + 1} epochs, {length} numbers; at most {int.MaxValue} fit. Give fewer --examples or a smaller --saf-lag.");
        }

        size = examples * outputs;
        ring = device.Allocate((int)length, "outputs of the last epochs");
        device.Fill(ring.Span, double.NaN);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State => [.. base.State, StateItem.Of("past-outputs", ring)];

    /// <inheritdoc/>
    internal override bool NeedsNumbers => true;

    /// <inheritdoc/>
    internal override void Add(in OutputChunk chunk)
    {
        if (IsActive)
        {
            device.GatherRows(Slot(Epoch + 1), chunk.Numbers, outputs, chunk.Reference);
            AddDivergence(device, chunk);
        }

        device.ScatterRows(chunk.Outputs, chunk.Numbers, outputs, Slot(Epoch));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ring.Dispose();
        }
    }

    // The slot of an epoch; that of the next one still holds the outputs of E epochs ago.
    private DeviceSpan Slot(int epoch) => ring.Span.Slice(epoch % (lag + 1) * size, size);
}
