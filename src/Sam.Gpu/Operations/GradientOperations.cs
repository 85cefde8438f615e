using Sam.Gpu.Devices;
using Sam.Gpu.Kernels;
using Sam.Gpu.Kernels.Buffers;
using Sam.Gpu.Kernels.Lanes;

namespace Sam.Gpu.Operations;

/// <summary>What variants of SAM make of gradients, element by element. P is the number of parameters.</summary>
public static class GradientOperations
{
    /// <summary>a ← a + share · (x − a).</summary>
    /// <param name="device">The device.</param>
    /// <param name="average">a, [P], updated.</param>
    /// <param name="x">x, [P].</param>
    /// <param name="share">The share of x, 1 less the decay.</param>
    public static void ExponentialAverage(this Device device, DeviceSpan average, DeviceSpan x, double share)
    {
        Require.Length(x, average.Length);
        device.Execute(new ExponentialAverageOperation(average, x, share));
    }

    /// <summary>result = T ∘ x with T = |w| + ξ where the mask is 1, and 1 elsewhere.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">w, [P].</param>
    /// <param name="mask">1 for the numbers that are scaled, 0 for the others, [P].</param>
    /// <param name="x">x, [P].</param>
    /// <param name="offset">ξ.</param>
    /// <param name="result">[P]; may be x.</param>
    public static void AdaptiveScale(
        this Device device, DeviceSpan parameters, DeviceSpan mask, DeviceSpan x, double offset, DeviceSpan result)
    {
        Require.Length(mask, parameters.Length);
        Require.Length(x, parameters.Length);
        Require.Length(result, parameters.Length);
        device.Execute(new AdaptiveScaleOperation(parameters, mask, x, offset, result));
    }

    /// <summary>result = p − α (g − (g·p / ‖p‖²) p); the dot product and ‖p‖ are read on the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradient">g, [P].</param>
    /// <param name="uphill">p, the gradient uphill, [P].</param>
    /// <param name="dot">g·p, [1].</param>
    /// <param name="uphillNorm">‖p‖, [1]; where it is 0, nothing of g lies along p.</param>
    /// <param name="alpha">α.</param>
    /// <param name="result">[P]; may be g or p.</param>
    public static void SurrogateGap(
        this Device device, DeviceSpan gradient, DeviceSpan uphill, DeviceSpan dot, DeviceSpan uphillNorm, double alpha, DeviceSpan result)
    {
        Require.Length(uphill, gradient.Length);
        Require.Length(dot, 1);
        Require.Length(uphillNorm, 1);
        Require.Length(result, gradient.Length);
        device.Execute(new SurrogateGapOperation(gradient, uphill, dot, uphillNorm, alpha, result));
    }

    /// <summary>result = p + γ (p + m − 2 g) + β (p − m).</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradient">g at w, [P].</param>
    /// <param name="uphill">p, the gradient uphill, [P].</param>
    /// <param name="downhill">m, the gradient as far downhill, [P].</param>
    /// <param name="gamma">γ.</param>
    /// <param name="beta">β.</param>
    /// <param name="result">[P]; may be any of the others.</param>
    public static void CurvatureRegularization(
        this Device device, DeviceSpan gradient, DeviceSpan uphill, DeviceSpan downhill, double gamma, double beta, DeviceSpan result)
    {
        Require.Length(uphill, gradient.Length);
        Require.Length(downhill, gradient.Length);
        Require.Length(result, gradient.Length);
        device.Execute(new CurvatureRegularizationOperation(gradient, uphill, downhill, gamma, beta, result));
    }

    /// <summary>result = p + α (p + m − 2 g)/T − s (‖g‖ + ε)/‖g‖² (p − m), T = L₊ + L₋ − 2 L; losses and ‖g‖ are read on the device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="gradient">g at w, [P].</param>
    /// <param name="uphill">p, the gradient uphill, [P].</param>
    /// <param name="downhill">m, the gradient as far downhill, [P].</param>
    /// <param name="losses">L, L₊, L₋, [1] each.</param>
    /// <param name="gradientNorm">‖g‖, [1]; where it is 0 the last term is too.</param>
    /// <param name="alpha">α; its term is left out where T is not above what the rounding of four losses may make of zero.</param>
    /// <param name="share">s.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="result">[P]; may be any of the others.</param>
    public static void LogarithmicCurvature(
        this Device device, DeviceSpan gradient, DeviceSpan uphill, DeviceSpan downhill, (DeviceSpan At, DeviceSpan Uphill, DeviceSpan Downhill) losses,
        DeviceSpan gradientNorm, double alpha, double share, double epsilon, DeviceSpan result)
    {
        Require.Length(uphill, gradient.Length);
        Require.Length(downhill, gradient.Length);
        Require.Length(losses.At, 1);
        Require.Length(losses.Uphill, 1);
        Require.Length(losses.Downhill, 1);
        Require.Length(gradientNorm, 1);
        Require.Length(result, gradient.Length);
        device.Execute(new LogarithmicCurvatureOperation(
            gradient, uphill, downhill, losses, gradientNorm, alpha, share, epsilon, LossRoundings * device.UnitRoundoff, result));
    }

    // The loss is a sum of many terms: what rounding leaves of a difference that should be zero, in units of the terms' sizes.
    private const double LossRoundings = 16;

    private readonly struct LogarithmicCurvatureOperation(
        DeviceSpan gradient, DeviceSpan uphill, DeviceSpan downhill, (DeviceSpan At, DeviceSpan Uphill, DeviceSpan Downhill) losses,
        DeviceSpan gradientNorm, double alpha, double share, double epsilon, double limit, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new LogarithmicCurvature<B, V>(
                    device.Buffer(gradient), device.Buffer(uphill), device.Buffer(downhill), device.Buffer(losses.At), device.Buffer(losses.Uphill),
                    device.Buffer(losses.Downhill), device.Buffer(gradientNorm), V.Constant(alpha), V.Constant(share), V.Constant(epsilon),
                    V.Constant(limit), device.Buffer(result)),
                gradient.Length);
    }

    private readonly struct ExponentialAverageOperation(DeviceSpan average, DeviceSpan x, double share) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(new ExponentialAverage<B, V>(device.Buffer(average), device.Buffer(x), V.Constant(share)), x.Length);
    }

    private readonly struct AdaptiveScaleOperation(
        DeviceSpan parameters, DeviceSpan mask, DeviceSpan x, double offset, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new AdaptiveScale<B, V>(
                    device.Buffer(parameters), device.Buffer(mask), device.Buffer(x), V.Constant(offset), device.Buffer(result)),
                x.Length);
    }

    private readonly struct SurrogateGapOperation(
        DeviceSpan gradient, DeviceSpan uphill, DeviceSpan dot, DeviceSpan uphillNorm, double alpha, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new SurrogateGap<B, V>(
                    device.Buffer(gradient), device.Buffer(uphill), device.Buffer(dot), device.Buffer(uphillNorm), V.Constant(alpha),
                    device.Buffer(result)),
                gradient.Length);
    }

    private readonly struct CurvatureRegularizationOperation(
        DeviceSpan gradient, DeviceSpan uphill, DeviceSpan downhill, double gamma, double beta, DeviceSpan result) : IOperation
    {
        public void Run<V, B>(KernelDevice<V, B> device)
            where V : unmanaged, ILane<V>
            where B : struct, IBuffer<V> =>
            device.LaunchElements(
                new CurvatureRegularization<B, V>(
                    device.Buffer(gradient), device.Buffer(uphill), device.Buffer(downhill), V.Constant(gamma), V.Constant(beta),
                    device.Buffer(result)),
                gradient.Length);
    }
}
