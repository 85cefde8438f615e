using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient of K-SAM: SAM on the k examples of the step with the largest losses, found by a forward pass over all of them.</summary>
/// <remarks>
/// Ni et al., "K-SAM: Sharpness-Aware Minimization at the Speed of SGD" (2022). Both gradients are of the same k examples; the losses are not
/// ranked again uphill. Of equal losses the first examples are taken. With all examples it is the ascent's own gradient, bit for bit. In the
/// record loss and accuracy are those of all examples, norms and the loss uphill those of the k. A measurement takes all examples.
/// </remarks>
public sealed class LargestLossRule : GradientRule
{
    private readonly AscentRule ascent;
    private readonly DeviceMemory loss;

    /// <summary>Creates the rule.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="ascent">The ascent; the rule frees it.</param>
    /// <param name="training">The objective of the steps, which gets memory for k examples.</param>
    /// <param name="kept">k, 1 … the examples of a step.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is out of its range.</exception>
    public LargestLossRule(Device device, int parameterCount, IAscent ascent, NetworkObjective training, int kept)
        : base(device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(kept, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, training.Examples);
        training.ReserveSelection(kept);
        this.ascent = new AscentRule(device, parameterCount, ascent);
        loss = device.Allocate(1, "loss of the selected examples");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State => ascent.State;

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => double.NaN;

    /// <inheritdoc/>
    public override StepGradient Step(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        var network = NetworkOf(objective);
        network.TakeLargest(parameters, record.Loss);
        if (!network.Accuracy.IsEmpty)
        {
            Device.Copy(network.Accuracy, record.Accuracy);
        }

        network.Gradient(parameters, gradient, loss.Span);
        Device.Norm(gradient, record.GradientNorm);
        ascent.Ascend(network, parameters, gradient, record.GradientNorm, gradient, record.AscentLoss, isStep: true);
        Device.Norm(gradient, record.AscentGradientNorm);
        network.TakeAll();
        return new StepGradient(gradient, record.AscentGradientNorm, record.AscentLoss);
    }

    /// <inheritdoc/>
    public override void Ascend(
        Objective objective, DeviceSpan parameters, DeviceSpan plainGradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss, bool isStep) =>
        ascent.Ascend(objective, parameters, plainGradient, gradientNorm, result, loss, isStep);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ascent.Dispose();
            loss.Dispose();
        }

        base.Dispose(disposing);
    }
}
