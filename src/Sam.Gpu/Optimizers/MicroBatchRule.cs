using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The gradient of m-SAM: the examples of a step in parts of m, each with an ascent of its own; the mean of the gradients uphill.</summary>
/// <remarks>
/// Foret et al. (2021); Andriushchenko and Flammarion, "Towards Understanding Sharpness-Aware Minimization" (2022). A last part that is smaller
/// counts by its size. With m at least the batch it is the ascent's own gradient, bit for bit. A measurement takes one ascent for all examples.
/// </remarks>
public sealed class MicroBatchRule : GradientRule
{
    private readonly AscentRule ascent;
    private readonly int size;
    private readonly DeviceMemory part;
    private readonly DeviceMemory plain;
    private readonly DeviceMemory numbers;

    /// <summary>Creates the rule.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="ascent">The ascent of a part; the rule frees it.</param>
    /// <param name="size">m ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">m is below 1.</exception>
    public MicroBatchRule(Device device, int parameterCount, IAscent ascent, int size)
        : base(device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        this.size = size;
        this.ascent = new AscentRule(device, parameterCount, ascent);
        part = device.Allocate(parameterCount, "gradient of a part");
        plain = device.Allocate(parameterCount, "mean of the plain gradients");
        numbers = device.Allocate(3, "numbers of a part");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<StateItem> State => ascent.State;

    /// <inheritdoc/>
    public override double Edge(double baseEdge, double gradientNorm) => double.NaN;

    /// <inheritdoc/>
    public override StepGradient Step(Objective objective, DeviceSpan parameters, DeviceSpan gradient, in StepRecord record)
    {
        var network = NetworkOf(objective);
        var (loss, norm, ascentLoss) = (numbers.Span.Slice(0, 1), numbers.Span.Slice(1, 1), numbers.Span.Slice(2, 1));
        for (int first = 0; first < network.Examples; first += size)
        {
            int count = Math.Min(size, network.Examples - first);
            double share = (double)count / network.Examples;
            network.Take(first, count);
            network.Gradient(parameters, part.Span, loss);
            Device.Norm(part.Span, norm);
            if (!network.Accuracy.IsEmpty)
            {
                Add(first, share, network.Accuracy, record.Accuracy);
            }

            Add(first, share, loss, record.Loss);
            Add(first, share, part.Span, plain.Span);
            ascent.Ascend(network, parameters, part.Span, norm, part.Span, ascentLoss, isStep: true);
            Add(first, share, ascentLoss, record.AscentLoss);
            Add(first, share, part.Span, gradient);
        }

        network.TakeAll();
        Device.Norm(plain.Span, record.GradientNorm);
        Device.Norm(gradient, record.AscentGradientNorm);
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
            foreach (var memory in (DeviceMemory[])[part, plain, numbers])
            {
                memory.Dispose();
            }

            ascent.Dispose();
        }

        base.Dispose(disposing);
    }

    // The first part is written, the others are added to it: a single one keeps its bits.
    private void Add(int first, double share, DeviceSpan x, DeviceSpan sum)
    {
        if (first == 0)
        {
            Device.Scale(x, share, sum);
        }
        else
        {
            Device.AddScaled(share, x, sum, sum);
        }
    }
}
