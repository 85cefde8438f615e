using Sam.Gpu.Devices;

namespace Sam.Gpu.Objectives;

/// <summary>A loss of a network's outputs o against targets t: value, gradient and Hessian with respect to o. Holds no numbers.</summary>
/// <remarks>A mean over <c>total</c> examples: a chunk contributes its share, so that chunks add up.</remarks>
public abstract class Loss
{
    private static readonly Loss[] Table = [new MeanSquaredError(), new HalfSquaredError(), new CrossEntropyLoss()];

    /// <summary>Names and formulas, in the order to show them.</summary>
    public static IReadOnlyList<(string Name, string Description)> List { get; } = [.. Table.Select(loss => (loss.Name, loss.Description))];

    /// <summary>The name, as an option takes it.</summary>
    public abstract string Name { get; }

    /// <summary>The formula in a few words.</summary>
    public abstract string Description { get; }

    /// <summary>Whether targets must be distributions over classes.</summary>
    public virtual bool NeedsClasses => false;

    /// <summary>Whether the Hessian needs what <see cref="Evaluate"/> leaves in its memory of the outputs' size.</summary>
    internal virtual bool KeepsState => false;

    /// <summary>The loss of a name.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="UsageException">There is no such loss.</exception>
    public static Loss Parse(string name) =>
        Array.Find(Table, loss => loss.Name == name) ?? throw Suggestions.Unknown("loss", name, Table.Select(loss => loss.Name));

    /// <summary>The losses of a chunk's examples, in shares of the mean, and their gradient.</summary>
    /// <param name="device">The device.</param>
    /// <param name="outputs">o, [N, C].</param>
    /// <param name="targets">t, [N, C].</param>
    /// <param name="columns">C.</param>
    /// <param name="total">The examples of the whole mean.</param>
    /// <param name="losses">[N], written.</param>
    /// <param name="gradient">[N, C], written.</param>
    /// <param name="state">[N, C], written by losses that keep state; else unused.</param>
    internal abstract void Evaluate(
        Device device, DeviceSpan outputs, DeviceSpan targets, int columns, int total, DeviceSpan losses, DeviceSpan gradient, DeviceSpan state);

    /// <summary>The Hessian with respect to the outputs, times a block.</summary>
    /// <param name="device">The device.</param>
    /// <param name="state">What <see cref="Evaluate"/> has left.</param>
    /// <param name="columns">C.</param>
    /// <param name="total">The examples of the whole mean.</param>
    /// <param name="block">[K, N, C].</param>
    /// <param name="result">[K, N, C], written; may be the block.</param>
    internal abstract void ApplyHessian(Device device, DeviceSpan state, int columns, int total, DeviceSpan block, DeviceSpan result);
}
