using Sam.Gpu.Devices;
using Sam.Gpu.Operations;
using Sam.Gpu.Optimizers;

namespace Sam.Gpu.Objectives;

/// <summary>The term of MESA: the reference is what the network gives with the moving average of its parameters.</summary>
/// <remarks>
/// Du et al., "Sharpness-Aware Training for Free" (2022), as their code has it: the average begins at the first parameters and takes in those
/// after every step, a ← a + (1 − d)(w − a). Costs a forward pass a gradient while the term applies, and P numbers.
/// </remarks>
public sealed class TeacherSupplement : LossSupplement
{
    private readonly Device device;
    private readonly double decay;
    private readonly DeviceMemory average;
    private bool hasAverage;

    /// <summary>Creates the term; the teacher begins with the parameters of the first step.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="decay">0 ≤ d &lt; 1.</param>
    /// <param name="settings">The numbers of the term.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public TeacherSupplement(Device device, int parameterCount, double decay, SupplementSettings settings)
        : base(settings)
    {
        this.device = device;
        this.decay = Setting.Fraction(decay);
        average = device.Allocate(parameterCount, "parameters of the teacher");
        device.Fill(average.Span, 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State =>
    [
        .. base.State, StateItem.Of("teacher", average), StateItem.Of("has-teacher", () => hasAverage ? 1 : 0, value => hasAverage = value != 0),
    ];

    /// <inheritdoc/>
    internal override DeviceSpan Teacher => IsActive ? average.Span : default;

    /// <inheritdoc/>
    internal override void Begin(DeviceSpan parameters)
    {
        if (hasAverage)
        {
            device.ExponentialAverage(average.Span, parameters, 1 - decay);
        }
        else
        {
            device.Copy(parameters, average.Span);
            hasAverage = true;
        }
    }

    /// <inheritdoc/>
    internal override void Add(in OutputChunk chunk)
    {
        if (IsActive)
        {
            AddDivergence(device, chunk);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            average.Dispose();
        }
    }
}
