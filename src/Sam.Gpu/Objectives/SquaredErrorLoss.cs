using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Objectives;

/// <summary>s Σ (o − t)² over the outputs of all examples, with a constant Hessian 2 s.</summary>
public abstract class SquaredErrorLoss : Loss
{
    /// <inheritdoc/>
    internal sealed override void Evaluate(
        Device device, DeviceSpan outputs, DeviceSpan targets, int columns, int total, DeviceSpan losses, DeviceSpan gradient, DeviceSpan state) =>
        device.SquaredError(outputs, targets, columns, Scale(columns, total), losses, gradient);

    /// <inheritdoc/>
    internal sealed override void ApplyHessian(
        Device device, DeviceSpan state, int columns, int total, DeviceSpan block, DeviceSpan result) =>
        device.Scale(block, 2 * Scale(columns, total), result);

    /// <summary>s.</summary>
    /// <param name="columns">The outputs of an example.</param>
    /// <param name="total">The examples.</param>
    private protected abstract double Scale(int columns, int total);
}

/// <summary><c>mse</c>: the mean of (o − t)² over examples and outputs, as PyTorch's MSELoss and the code of Long and Bartlett have it.</summary>
public sealed class MeanSquaredError : SquaredErrorLoss
{
    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override string Description => "mean over examples and outputs of (output − target)²";

    private protected override double Scale(int columns, int total) => 1.0 / ((double)columns * total);
}

/// <summary><c>half-squared-error</c>: ½ Σ (o − t)² over the outputs, mean over examples, as Cohen et al. (2021) have it.</summary>
public sealed class HalfSquaredError : SquaredErrorLoss
{
    /// <inheritdoc/>
    public override string Name => "half-squared-error";

    /// <inheritdoc/>
    public override string Description => "half the sum over outputs of (output − target)², mean over examples";

    private protected override double Scale(int columns, int total) => 0.5 / total;
}
