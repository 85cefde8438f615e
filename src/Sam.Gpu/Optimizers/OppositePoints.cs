using Sam.Gpu.Devices;
using Sam.Gpu.Objectives;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>Gradients and losses at w + ρ n and w − ρ n, n = g/(‖g‖ + ε), on the same examples.</summary>
internal sealed class OppositePoints : IDisposable
{
    private readonly Device device;
    private readonly double rho;
    private readonly double epsilon;
    private readonly DeviceMemory perturbed;
    private readonly DeviceMemory uphill;
    private readonly DeviceMemory downhill;
    private readonly DeviceMemory downhillLoss;

    /// <summary>Allocates the device memory.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="rho">ρ ≥ 0, finite.</param>
    /// <param name="epsilon">ε ≥ 0, finite.</param>
    /// <param name="hasBoth">Whether both points are taken; if not, <see cref="TakeUphill"/> alone.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public OppositePoints(Device device, int parameterCount, double rho, double epsilon, bool hasBoth)
    {
        this.device = device;
        this.rho = Setting.NotNegative(rho);
        this.epsilon = Setting.NotNegative(epsilon);
        HasBoth = hasBoth;
        perturbed = device.Allocate(parameterCount, "perturbed parameters");
        uphill = device.Allocate(hasBoth ? parameterCount : 0, "gradient uphill");
        downhill = device.Allocate(hasBoth ? parameterCount : 0, "gradient downhill");
        downhillLoss = device.Allocate(1, "loss downhill");
    }

    /// <summary>Whether both points are taken.</summary>
    public bool HasBoth { get; }

    /// <summary>The gradient at w + ρ n, [P].</summary>
    public DeviceSpan Uphill => uphill.Span;

    /// <summary>The gradient at w − ρ n, [P].</summary>
    public DeviceSpan Downhill => downhill.Span;

    /// <summary>The loss at w − ρ n, [1].</summary>
    public DeviceSpan DownhillLoss => downhillLoss.Span;

    /// <summary>Takes the gradient uphill.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="gradientNorm">‖g‖, [1].</param>
    /// <param name="result">The gradient, [P], written; may be g.</param>
    /// <param name="loss">The loss there, [1], written.</param>
    public void TakeUphill(
        Objective objective, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result, DeviceSpan loss)
    {
        device.AscentStep(parameters, gradient, gradientNorm, rho, epsilon, perturbed.Span);
        objective.Gradient(perturbed.Span, result, loss);
    }

    /// <summary>Takes both gradients.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="gradientNorm">‖g‖, [1].</param>
    /// <param name="loss">The loss uphill, [1], written.</param>
    public void Take(Objective objective, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan loss)
    {
        TakeUphill(objective, parameters, gradient, gradientNorm, uphill.Span, loss);
        device.AscentStep(parameters, gradient, gradientNorm, -rho, epsilon, perturbed.Span);
        objective.Gradient(perturbed.Span, downhill.Span, downhillLoss.Span);
    }

    /// <summary>Frees the device memory.</summary>
    public void Dispose()
    {
        foreach (var memory in (DeviceMemory[])[perturbed, uphill, downhill, downhillLoss])
        {
            memory.Dispose();
        }
    }
}
