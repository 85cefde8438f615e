using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary><c>cross-entropy</c>: log Σ exp o − Σ t o, mean over examples: the cross-entropy of softmax(o) to the classes t.</summary>
public sealed class CrossEntropyLoss : Loss
{
    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <inheritdoc/>
    public override string Description => "cross-entropy of softmax(outputs) to the class, mean over examples";

    /// <inheritdoc/>
    public override bool NeedsClasses => true;

    /// <inheritdoc/>
    internal override bool KeepsState => true;

    /// <inheritdoc/>
    internal override void Evaluate(
        Device device, DeviceSpan outputs, DeviceSpan targets, int columns, int total, DeviceSpan losses, DeviceSpan gradient, DeviceSpan state) =>
        device.CrossEntropy(outputs, targets, columns, 1.0 / total, state, losses, gradient);

    /// <inheritdoc/>
    internal override void ApplyHessian(Device device, DeviceSpan state, int columns, int total, DeviceSpan block, DeviceSpan result) =>
        device.CrossEntropyHessian(state, block, columns, 1.0 / total, result);
}
