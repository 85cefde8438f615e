using Sam.Gpu.Devices;
using Sam.Gpu.Operations;

namespace Sam.Gpu.Optimizers;

/// <summary>The ascent of Friendly SAM: that of another one, along d = g − σ m instead of g, with m the moving average of the gradients before.</summary>
/// <remarks>
/// Li et al., "Friendly Sharpness-Aware Minimization" (2024), as their code has it: in the first step d = m = g; afterwards d is formed with the
/// old m, then m ← λ m + (1 − λ) g, here as m + (1 − λ)(g − m): an average that equals g stays g to the bit, so that with σ = 1 and equal
/// gradients d is zero from the second step on, and there is no ascent. With σ = 0 it is the other ascent, bit for bit.
/// </remarks>
public sealed class FriendlyAscent : IAscent
{
    private readonly IAscent ascent;
    private readonly double sigma;
    private readonly double decay;
    private readonly DeviceMemory average;
    private readonly DeviceMemory norm;
    private bool hasAverage;

    /// <summary>Creates the ascent.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameterCount">P.</param>
    /// <param name="ascent">The ascent along d, without a state of its own; this one frees it.</param>
    /// <param name="sigma">σ, finite.</param>
    /// <param name="decay">0 ≤ λ &lt; 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FriendlyAscent(Device device, int parameterCount, IAscent ascent, double sigma = 1, double decay = 0.9)
    {
        this.ascent = ascent;
        this.sigma = Setting.Finite(sigma);
        this.decay = Setting.Fraction(decay);
        average = device.Allocate(parameterCount, "average of the gradients");
        norm = device.Allocate(1, "norm of the friendly direction");
        device.Fill(average.Span, 0);
    }

    /// <inheritdoc/>
    public IReadOnlyList<StateItem> State =>
    [
        StateItem.Of("gradient-average", average),
        StateItem.Of("has-gradient-average", () => hasAverage ? 1 : 0, value => hasAverage = value != 0),
    ];

    /// <inheritdoc/>
    public void Perturb(Device device, DeviceSpan parameters, DeviceSpan gradient, DeviceSpan gradientNorm, DeviceSpan result)
    {
        if (!hasAverage || sigma == 0)
        {
            ascent.Perturb(device, parameters, gradient, gradientNorm, result);
            return;
        }

        device.AddScaled(-sigma, average.Span, gradient, result);
        device.Norm(result, norm.Span);
        ascent.Perturb(device, parameters, result, norm.Span, result);
    }

    /// <inheritdoc/>
    public void Advance(Device device, DeviceSpan gradient)
    {
        if (hasAverage)
        {
            device.ExponentialAverage(average.Span, gradient, 1 - decay);
        }
        else
        {
            device.Copy(gradient, average.Span);
            hasAverage = true;
        }
    }

    /// <inheritdoc/>
    public double Edge(double baseEdge, double gradientNorm) => sigma == 0 ? ascent.Edge(baseEdge, gradientNorm) : double.NaN;

    /// <inheritdoc/>
    public void Dispose()
    {
        average.Dispose();
        norm.Dispose();
        ascent.Dispose();
    }
}
